import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { claimFreePort } from '@fissile/kit/host';
import { ProbeChild } from './probe-child.js';

/** What the transport needs of the environment of the command, beside the name. */
const PASSED_ON = /^(PATH|TRANSPORT|GRPC_CALLS|NATS_\w+|RABBITMQ_\w+|REDIS_\w+|BROKER_SECRET)$/;

/** A product of two contexts, once as two processes and once as one. */
export class Probe {
  private constructor(
    private readonly folder: string,
    readonly pair: readonly [ProbeChild, ProbeChild],
    readonly single: ProbeChild,
    readonly urls: { readonly pair: string; readonly single: string },
  ) {}

  /** @throws CommandError with what its processes say when they do not start */
  static async start(environment: NodeJS.ProcessEnv): Promise<Probe> {
    const ports = await Promise.all(Array.from({ length: 5 }, () => claimFreePort()));
    const folder = mkdtempSync(join(tmpdir(), 'fissile-probe-'));
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
    started.endWithCommand();
    try {
      await Promise.all([near, far, single].map((child) => child.isReady()));
      await Promise.all([answers(urls.pair), answers(urls.single)]);
    } catch (error) {
      started.stop();
      throw error;
    }
    return started;
  }

  /** Nothing of it is left where the command is ended by a signal. */
  private endWithCommand(): void {
    process.once('exit', () => this.stop());
    for (const [signal, status] of [
      ['SIGHUP', 129],
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)
      process.once(signal, () => process.exit(status));
  }

  stop(): void {
    for (const child of [...this.pair, this.single]) child.stop();
    rmSync(this.folder, { recursive: true, force: true });
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

/** A process says that it is ready a moment before it listens. */
async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const response = await fetch(url).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return;
    await pause(100);
  }
  throw new Error(`${url} does not answer`);
}
