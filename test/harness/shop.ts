import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  brokerSettings,
  isAlive,
  sendSignal,
  Program,
  START_TIMEOUT_MS,
  dropDatabases,
  startTestServer,
  type TestServer,
  until,
} from '@fissile/kit/testing';
import { copyDatabaseTemplate } from './database-template.js';
import { appProgram } from './app-program.js';

const MAIN = appProgram('monolith');

export const ADMIN = { email: 'admin@shop.example', password: 'the-tests-own-admin' } as const;

/** Settings of every program that the tests start. */
export const TEST_SETTINGS = {
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
  THROTTLE_ENABLED: 'false',
  // Their customers' addresses have no mailbox; the scenarios about mails ask for verification.
  EMAIL_VERIFICATION: 'off',
  // What is kept for the console takes time from all requests; its own scenarios turn it on.
  RECENT_SPANS: '0',
  // A machine that runs many tests concurrently is slower than any that serves customers.
  BREAKER_TIMEOUT_MS: '5000',
  // Connections of fetch stay open after a test, and each stop would wait for them.
  KEEP_ALIVE_GRACE_MS: '100',
} as const;

export interface ShopOptions {
  /** Settings that differ from the tests' own. */
  readonly env?: Readonly<Record<string, string>>;
  /** A PostgreSQL server that the caller can stop and start; it must not be shared. */
  readonly server?: TestServer;
  /** The folder whose config/ it reads; the project's when absent. */
  readonly cwd?: string;
  /**
   * Whether the shop creates its databases itself, as at its very first start. Otherwise it may find them migrated.
   */
  readonly newDatabases?: boolean;
  /** A file that receives its output, for other processes to read. */
  readonly outputFile?: string;
  /** The program to run; the bundle of the monolith when absent. */
  readonly main?: string;
}

/** The whole suite runs on any topology and transport: TEST_TOPOLOGY and TEST_TRANSPORT select them. */
export function topologyUnderTest(testEnv: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const { TEST_TOPOLOGY, TEST_TRANSPORT, TEST_CALLS_TWICE } = testEnv;
  if (TEST_TOPOLOGY === undefined) return {};
  return {
    TOPOLOGY: TEST_TOPOLOGY,
    ...(TEST_TRANSPORT !== undefined && { TRANSPORT: TEST_TRANSPORT }),
    ...(TEST_CALLS_TWICE !== undefined && { CALL_IDEMPOTENT_TWICE: TEST_CALLS_TWICE }),
    ...brokerSettings(),
  };
}

/** A running Fissile, as a user would run it: a separate process, accessed only through its public API. */
export class Shop {
  private program: Program | undefined;
  /** The output of earlier runs. */
  private earlier = '';
  private address = '';

  private constructor(
    private readonly server: TestServer,
    readonly databasePrefix: string,
    readonly dataDir: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly options: Pick<ShopOptions, 'cwd' | 'outputFile' | 'main'>,
  ) {}

  static async start(options: ShopOptions = {}): Promise<Shop> {
    const server = options.server ?? (await startTestServer());
    const prefix = `t${randomBytes(5).toString('hex')}`;
    const dataDir = mkdtempSync(join(tmpdir(), 'fissile-shop-'));
    const shop = new Shop(server, prefix, dataDir, options.env ?? {}, options);
    try {
      if (maySkipMigrations(options)) await copyDatabaseTemplate(server.url, prefix);
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

  /** The whole output of the process since its first start. */
  get output(): string {
    return this.earlier + (this.program?.output ?? '');
  }

  get databaseServerUrl(): string {
    return this.server.url;
  }

  /** Starts the process, and waits until it listens. */
  async run(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.earlier = this.output;
    this.program = new Program(this.options.main ?? MAIN, this.environment(env), this.options);
    this.address = await this.program.listens();
  }

  /** Kills all of it at once, as a power cut would. */
  async kill(): Promise<void> {
    if (!this.program || this.program.hasEnded) return;
    const pids = [...this.pids().values()];
    const ended = this.program.stop('SIGKILL');
    for (const pid of pids) sendSignal(pid, 'SIGKILL');
    await ended;
    await until('no process of the shop is left', () => !pids.some(isAlive));
  }

  /** Kills the supervisor of several processes, and the processes only through it. Returns their ids. */
  async killSupervisor(): Promise<readonly number[]> {
    await this.program?.stop('SIGKILL');
    return [...this.pids().values()];
  }

  /** Sends a signal to one of several processes. Returns its id. */
  signal(name: string, signal: NodeJS.Signals): number {
    const pid = this.pids().get(name);
    if (pid === undefined) throw new Error(`${name} is no process of the shop`);
    process.kill(pid, signal);
    return pid;
  }

  /** The ids of all its processes. */
  allPids(): number[] {
    const own = this.program?.pid;
    return [...(own === undefined ? [] : [own]), ...this.pids().values()];
  }

  /** Sends a signal to the supervisor and all processes. */
  signalAll(signal: NodeJS.Signals): void {
    for (const pid of this.allPids()) sendSignal(pid, signal);
  }

  /** Waits until a killed process has been restarted. */
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

  /** Where one of several processes accepts HTTP requests and, over gRPC and TCP, calls. */
  addressOf(name: string): { http: string; rpc: string } {
    const row = new RegExp(`^ {4}${name} +.*(http://\\S+)(?: +(\\S+))?$`, 'm').exec(
      this.program?.output ?? '',
    );
    if (!row) throw new Error(`${name} is no process of the shop`);
    return { http: row[1] ?? '', rpc: row[2] ?? '' };
  }

  /** The process ids that the supervisor logged last, by name. */
  pids(): ReadonlyMap<string, number> {
    const printed = this.program?.output ?? '';
    const started = [
      ...printed.matchAll(/^ {4}(\S+) +\S.*? {3}(\d+) +http:/gm),
      ...printed.matchAll(/^(\S+) +\| is back, with pid (\d+)$/gm),
    ].sort((one, other) => one.index - other.index);
    return new Map(started.map(([, name, pid]) => [name ?? '', Number(pid)]));
  }

  /** Shuts the process down gracefully. Returns its exit code. */
  async stop(): Promise<number | null> {
    return this.program?.stop() ?? null;
  }

  /** Stops the process and removes everything that it left. */
  async close(): Promise<void> {
    await this.kill();
    await dropDatabases(this.server.url, this.databasePrefix);
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Whether the shop, or its supervisor, is running. */
  get isRunning(): boolean {
    return this.program !== undefined && !this.program.hasEnded;
  }

  readDataFile(name: string): string {
    return readFileSync(join(this.dataDir, name), 'utf8');
  }

  private environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    return {
      DATABASE_URL: this.server.url,
      DATABASE_NAME_PREFIX: this.databasePrefix,
      DATABASE_POOL_SIZE: '5',
      DATA_DIR: this.dataDir,
      PORT: '0',
      ...TEST_SETTINGS,
      TRANSPORT_PREFIX: this.databasePrefix,
      ...topologyUnderTest(),
      ...this.env,
      ...env,
    };
  }
}

/** The copies are on the server of the whole run, and its role owns them. */
function maySkipMigrations({ env, server, newDatabases }: ShopOptions): boolean {
  const namesDatabases = Object.keys(env ?? {}).some((name) => /(^|_)DATABASE_(URL|NAME_PREFIX)$/.test(name));
  return !newDatabases && server === undefined && !namesDatabases;
}
