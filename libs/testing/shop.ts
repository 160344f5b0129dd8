import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brokerSettings } from './brokers.js';
import { dropDatabases, startTestServer, type TestServer } from './test-database.js';
import { until } from './until.js';

const MAIN = resolve('dist/apps/monolith/src/main.js');
const START_TIMEOUT_MS = 60_000;

export const ADMIN = { email: 'admin@shop.example', password: 'the-tests-own-admin' } as const;

export interface ShopOptions {
  /** Settings that differ from the tests' own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running Fissile, as a user would run it: a process of its own, seen through its public API alone. */
export class Shop {
  private child: ChildProcess | undefined;
  private log = '';
  private address = '';

  private constructor(
    private readonly server: TestServer,
    readonly databasePrefix: string,
    private readonly dataDir: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(options: ShopOptions = {}): Promise<Shop> {
    const server = await startTestServer();
    const prefix = `t${randomBytes(5).toString('hex')}`;
    const dataDir = mkdtempSync(join(tmpdir(), 'fissile-shop-'));
    const shop = new Shop(server, prefix, dataDir, options.env ?? {});
    try {
      await shop.run();
    } catch (error) {
      await shop.close();
      throw error;
    }
    return shop;
  }

  get url(): string {
    return this.address;
  }

  /** The topology that it was started with. */
  get topology(): string {
    return this.environment({})['TOPOLOGY'] ?? 'monolith';
  }

  /** All that the process has printed, since it was first started. */
  get output(): string {
    return this.log;
  }

  get databaseServerUrl(): string {
    return this.server.url;
  }

  /** Starts the process, and waits until it listens. */
  async run(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const child = spawn(process.execPath, [MAIN], {
      env: this.environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const from = this.log.length;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    }
    const outcome = await until(
      'the shop listens',
      () => (child.exitCode !== null ? 'exited' : /listening on (http:\S+)/.exec(this.log.slice(from))?.[1]),
      START_TIMEOUT_MS,
    );
    if (outcome === 'exited')
      throw new Error(`the shop exited with ${child.exitCode}:\n${this.log.slice(from)}`);
    this.address = outcome;
  }

  /** Ends all of it at once, as a power cut would. */
  async kill(): Promise<void> {
    const pids = [...this.pids().values()];
    const ended = this.end('SIGKILL');
    for (const pid of pids) signalIfAlive(pid, 'SIGKILL');
    await ended;
    await until('no process of the shop is left', () => pids.every((pid) => !signalIfAlive(pid, 0)));
  }

  /** Ends the supervisor of several processes at once, and them only through that. */
  async killSupervisor(): Promise<readonly number[]> {
    await this.end('SIGKILL');
    return [...this.pids().values()];
  }

  /** Sends a signal to one of several processes. Gives its id. */
  signal(name: string, signal: NodeJS.Signals): number {
    const pid = this.pids().get(name);
    if (pid === undefined) throw new Error(`${name} is no process of the shop`);
    process.kill(pid, signal);
    return pid;
  }

  /** Waits until a process that was ended has been started again. */
  async isBack(name: string, formerPid: number): Promise<void> {
    await until(
      `${name} is back`,
      () => {
        const pid = this.pids().get(name);
        return pid !== undefined && pid !== formerPid;
      },
      START_TIMEOUT_MS,
    );
  }

  /** Where one of several processes takes HTTP requests and, over gRPC and TCP, calls. */
  addressOf(name: string): { http: string; rpc: string } {
    const row = new RegExp(`^ {4}${name} +.*(http://\\S+)(?: +(\\S+))?$`, 'm').exec(this.log);
    if (!row) throw new Error(`${name} is no process of the shop`);
    return { http: row[1] ?? '', rpc: row[2] ?? '' };
  }

  /** The ids of the processes that the supervisor told of last, by name. */
  pids(): ReadonlyMap<string, number> {
    const told = [
      ...this.log.matchAll(/^ {4}(\S+) +\S.*? {3}(\d+) +http:/gm),
      ...this.log.matchAll(/^(\S+) +\| is back, with pid (\d+)$/gm),
    ].sort((one, other) => one.index - other.index);
    return new Map(told.map(([, name, pid]) => [name ?? '', Number(pid)]));
  }

  /** Stops the process in order. Gives its exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Stops the process and removes all that it left. */
  async close(): Promise<void> {
    await this.kill();
    await dropDatabases(this.server.url, this.databasePrefix);
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  readDataFile(name: string): string {
    return readFileSync(join(this.dataDir, name), 'utf8');
  }

  /** The whole suite can be run on any topology and transport: TEST_TOPOLOGY and TEST_TRANSPORT choose them. */
  private topologyUnderTest(): NodeJS.ProcessEnv {
    const { TEST_TOPOLOGY, TEST_TRANSPORT } = process.env;
    if (TEST_TOPOLOGY === undefined) return {};
    return {
      TOPOLOGY: TEST_TOPOLOGY,
      TRANSPORT: TEST_TRANSPORT,
      CALL_IDEMPOTENT_TWICE: process.env['TEST_CALLS_TWICE'],
      ...brokerSettings(),
    };
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill(signal);
    await exited;
    return child.exitCode;
  }

  private environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      DATABASE_URL: this.server.url,
      DATABASE_NAME_PREFIX: this.databasePrefix,
      DATABASE_POOL_SIZE: '5',
      DATA_DIR: this.dataDir,
      PORT: '0',
      LOG_FORMAT: 'json',
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      THROTTLE_ENABLED: 'false',
      TRANSPORT_PREFIX: this.databasePrefix,
      ...this.topologyUnderTest(),
      ...this.env,
      ...env,
    };
  }
}

/** Whether the process was there. */
function signalIfAlive(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
