import { setTimeout as pause } from 'node:timers/promises';
import { freePort, Program, until } from '@fissile/kit/testing';
import { cpuSecondsOf, memoryOf } from '../usage.js';
import { roleOf, treeOf } from './processes.js';

export interface Start {
  /** Seconds from the command to the first responses. */
  readonly seconds: number;
  /** Seconds of CPU of all its processes until then, without PostgreSQL. */
  readonly cpu: number;
  /** Resident MiB of each process by its role, after it has been idle for a while. */
  readonly idle: ReadonlyMap<string, number>;
}

const ASK_EVERY_MS = 5;
const FIRST_REQUESTS = ['/health/ready', '/api/products'];
const SAMPLE_EVERY_MS = 500;
/** This many consecutive samples must be this close together. */
const SAMPLES = 8;
const CLOSE = 0.01;

/** Starts a program, polls it until it responds, waits until it is idle, and stops it. */
export async function startOnce(main: string, env: Readonly<Record<string, string>>): Promise<Start> {
  const port = await freePort();
  const startedAt = performance.now();
  const program = new Program(main, {
    NODE_ENV: 'production',
    PAYMENT_PROVIDER: 'sandbox',
    LOG_LEVEL: 'warn',
    ...env,
    PORT: String(port),
  });
  try {
    for (const path of FIRST_REQUESTS) await isAnswered(program, `http://127.0.0.1:${port}${path}`);
    const seconds = (performance.now() - startedAt) / 1_000;
    const pids = treeOf(program.pid ?? 0);
    const cpu = cpuSecondsOf(pids);
    await comesToRest(pids);
    const topology = env['TOPOLOGY'] ?? 'monolith';
    const idle = new Map(pids.map((pid) => [roleOf(pid, topology), memoryOf([pid], 'VmRSS')]));
    return { seconds, cpu, idle };
  } finally {
    await program.stop();
  }
}

async function isAnswered(program: Program, url: string): Promise<void> {
  for (;;) {
    if (program.hasEnded) throw new Error(`it ended:\n${program.output}`);
    const isOk = await fetch(url).then(
      async (response) => (await response.text()) !== '' && response.ok,
      () => false,
    );
    if (isOk) return;
    await pause(ASK_EVERY_MS);
  }
}

async function comesToRest(pids: readonly number[]): Promise<void> {
  const samples: number[] = [];
  await until('memory is at rest', async () => {
    await pause(SAMPLE_EVERY_MS);
    samples.push(memoryOf(pids, 'VmRSS'));
    const last = samples.slice(-SAMPLES);
    return last.length === SAMPLES && Math.max(...last) / Math.min(...last) < 1 + CLOSE;
  });
}
