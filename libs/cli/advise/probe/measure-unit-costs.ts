import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { claimFreePort } from '@fissile/kit/host';
import type { CostAtRate, UnitCosts } from '../unit-costs.js';
import { ProbeChild } from './probe-child.js';

/** Calls or requests a second: rare, so that each wakes a process, and frequent. */
const RATES = [20, 80, 320];
const SECONDS = 2.5;
const WARM_UP_SECONDS = 2;
const IDLE_SECONDS = 2;
/** Of an identifier, there and back. */
const LONG_CALL_IDS = 400;
const BYTES_PER_ID = 2 * 40;
const FEW_IDS = 4;

/** What the transport needs of the environment of the command, beside the name. */
const PASSED_ON = /^(PATH|TRANSPORT|GRPC_CALLS|NATS_\w+|RABBITMQ_\w+|REDIS_\w+|BROKER_SECRET)$/;

interface Ran {
  readonly count: number;
  readonly cpuMicros: number;
  readonly medianMs: number;
}

/** A product of two contexts, once as two processes and once as one. */
class Probe {
  private constructor(
    private readonly folder: string,
    readonly pair: readonly [ProbeChild, ProbeChild],
    readonly single: ProbeChild,
    readonly urls: { readonly pair: string; readonly single: string },
  ) {}

  /** @throws CommandError with what its processes say when they do not start */
  static async start(environment: NodeJS.ProcessEnv): Promise<Probe> {
    const folder = mkdtempSync(join(tmpdir(), 'fissile-probe-'));
    const ports = await Promise.all(Array.from({ length: 5 }, () => claimFreePort()));
    const [nearHttp, nearRpc, farHttp, farRpc, singleHttp] = ports;
    mkdirSync(join(folder, 'config'));
    writeFileSync(
      join(folder, 'config/topology.yaml'),
      `pair:
  near: { hosts: [gateway, near], address: 127.0.0.1, http: ${nearHttp}, rpc: ${nearRpc} }
  far: { hosts: [far], address: 127.0.0.1, http: ${farHttp}, rpc: ${farRpc} }
`,
    );
    const settings = settingsOf(environment, folder);
    const pairOf = (hosts: string): ProbeChild =>
      new ProbeChild(folder, { ...settings, TOPOLOGY: 'pair', HOSTS: hosts });
    const far = pairOf('far');
    const near = pairOf('gateway,near');
    const single = new ProbeChild(folder, { ...settings, TOPOLOGY: 'monolith', PORT: String(singleHttp) });
    const urls = {
      pair: `http://127.0.0.1:${nearHttp}/api/far`,
      single: `http://127.0.0.1:${singleHttp}/api/far`,
    };
    const started = new Probe(folder, [near, far], single, urls);
    try {
      await Promise.all([near, far, single].map((child) => child.isReady()));
      await Promise.all([answers(urls.pair), answers(urls.single)]);
    } catch (error) {
      started.stop();
      throw error;
    }
    return started;
  }

  stop(): void {
    for (const child of [...this.pair, this.single]) child.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Measures, with processes of its own that talk as those of a product do, what a call, a kilobyte, a request that is passed on
 * and a process cost here.
 * @param report is told what is measured now
 */
export async function measureUnitCosts(
  environment: NodeJS.ProcessEnv,
  report: (what: string) => void,
): Promise<UnitCosts> {
  report('starts three processes that only talk');
  const probe = await Probe.start(environment);
  try {
    await warmUp(probe);
    const calls: CostAtRate[] = [];
    const proxied: CostAtRate[] = [];
    for (const perSecond of RATES) {
      report(`makes ${perSecond} calls, and then requests, a second`);
      calls.push(await costOfCalls(probe, perSecond));
      proxied.push(await costOfRequests(probe, perSecond));
    }
    const cpuMicrosPerKilobyte = await costOfKilobyte(probe);
    return {
      transport: environment['TRANSPORT'] ?? 'grpc',
      calls,
      cpuMicrosPerKilobyte,
      proxied,
      process: await costOfProcess(probe),
    };
  } finally {
    probe.stop();
  }
}

function settingsOf(environment: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const passedOn = Object.entries(environment).filter(([name]) => PASSED_ON.test(name));
  return {
    ...Object.fromEntries(passedOn),
    NODE_ENV: 'production',
    LOG_LEVEL: 'error',
    DATA_DIR: folder,
    // Nothing is stored, so there is no server.
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    INTERNAL_AUTH_SECRET: randomBytes(32).toString('hex'),
    TRANSPORT_PREFIX: `probe${randomBytes(4).toString('hex')}`,
    // The limit is checked, and never reached.
    THROTTLE_RATE: '1000000',
    THROTTLE_BURST: '1000000',
  };
}

/** Code that has run often is compiled, as that of a product is that has been running for a while. */
async function warmUp({ pair: [near], single, urls }: Probe): Promise<void> {
  const order = { perSecond: undefined, seconds: WARM_UP_SECONDS, ids: FEW_IDS };
  await near.makeCalls(order);
  await single.makeCalls(order);
  for (const url of [urls.pair, urls.single]) await sendRequests(url, undefined, WARM_UP_SECONDS);
}

async function costOfCalls({ pair, single }: Probe, perSecond: number): Promise<CostAtRate> {
  const order = { perSecond, seconds: SECONDS, ids: FEW_IDS };
  return difference(
    perSecond,
    await ran(pair, () => made(pair[0], order)),
    await ran([single], () => made(single, order)),
  );
}

async function costOfRequests({ pair, single, urls }: Probe, perSecond: number): Promise<CostAtRate> {
  return difference(
    perSecond,
    await ran(pair, () => sendRequests(urls.pair, perSecond, SECONDS)),
    await ran([single], () => sendRequests(urls.single, perSecond, SECONDS)),
  );
}

async function costOfKilobyte({ pair, single }: Probe): Promise<number> {
  const [perSecond = 100] = RATES.slice(-1);
  const costOf = async (ids: number): Promise<number> => {
    const order = { perSecond, seconds: SECONDS, ids };
    const apart = await ran(pair, () => made(pair[0], order));
    const together = await ran([single], () => made(single, order));
    return apart.cpuMicros / apart.count - together.cpuMicros / together.count;
  };
  const more = (await costOf(LONG_CALL_IDS)) - (await costOf(FEW_IDS));
  return Math.max(0, (more * 1_000) / ((LONG_CALL_IDS - FEW_IDS) * BYTES_PER_ID));
}

async function costOfProcess({ pair: [, far] }: Probe): Promise<UnitCosts['process']> {
  const before = await far.usage();
  await pause(IDLE_SECONDS * 1_000);
  const after = await far.usage();
  return {
    residentBytes: after.residentBytes,
    idleCpu: (after.cpu - before.cpu) / 1_000_000 / IDLE_SECONDS,
  };
}

async function ran(
  children: readonly ProbeChild[],
  work: () => Promise<{ count: number; medianMs: number }>,
): Promise<Ran> {
  const cpu = async (): Promise<number> => {
    const usages = await Promise.all(children.map((child) => child.usage()));
    return usages.reduce((sum, usage) => sum + usage.cpu, 0);
  };
  const before = await cpu();
  const { count, medianMs } = await work();
  return { count, medianMs, cpuMicros: (await cpu()) - before };
}

async function made(child: ProbeChild, order: Parameters<ProbeChild['makeCalls']>[0]) {
  const { calls: count, medianMs } = await child.makeCalls(order);
  return { count, medianMs };
}

function difference(perSecond: number, apart: Ran, together: Ran): CostAtRate {
  return {
    perSecond,
    cpuMicros: Math.max(0, apart.cpuMicros / apart.count - together.cpuMicros / together.count),
    latencyMs: Math.max(0, apart.medianMs - together.medianMs),
  };
}

async function sendRequests(
  url: string,
  perSecond: number | undefined,
  seconds: number,
): Promise<{ count: number; medianMs: number }> {
  const took: number[] = [];
  const startedAt = performance.now();
  for (let due = startedAt; performance.now() < startedAt + seconds * 1_000;) {
    const began = performance.now();
    await (await fetch(url)).arrayBuffer();
    took.push(performance.now() - began);
    if (perSecond === undefined) continue;
    due += 1_000 / perSecond;
    await pause(Math.max(0, due - performance.now()));
  }
  took.sort((one, other) => one - other);
  return { count: took.length, medianMs: took[Math.floor(took.length / 2)] ?? Number.NaN };
}

/** A process says that it is ready a moment before it listens. */
async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const response = await fetch(url).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return;
    await pause(100);
  }
  throw new Error(`${url} does not answer`);
}
