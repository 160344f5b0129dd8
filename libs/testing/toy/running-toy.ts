import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { isAlive, sendSignal } from '../processes.js';
import { Program } from '../program.js';
import { dropDatabases, queryServer, startTestServer, type TestServer } from '../test-database.js';
import { until } from '../until.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const SPLIT = 'split:\n  gateway: [gateway]\n  alpha: [alpha]\n  beta: [beta]\n';
const START_TIMEOUT_MS = 60_000;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The toy as one program or several, with its own databases, accessed through its public API. */
export class RunningToy {
  /** The prefix of database names, and of everything stored on a broker. */
  readonly prefix = `toy${randomBytes(4).toString('hex')}`;
  private readonly folder = mkdtempSync(join(tmpdir(), 'fissile-toy-'));
  private program: Program | undefined;
  private address = '';

  private constructor(
    private readonly server: TestServer,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    mkdirSync(join(this.folder, 'config'));
    writeFileSync(join(this.folder, 'config/topology.yaml'), SPLIT);
  }

  /** @param env settings such as TOPOLOGY and TRANSPORT */
  static async start(env: Readonly<Record<string, string>>): Promise<RunningToy> {
    const toy = new RunningToy(await startTestServer(), env);
    try {
      await toy.run();
    } catch (error) {
      await toy.close();
      throw error;
    }
    return toy;
  }

  /** The processes that a supervisor started; empty when the toy is one process. */
  get processNames(): string[] {
    return [...this.pids().keys()];
  }

  /** All output since the last start. */
  get output(): string {
    return this.program?.output ?? '';
  }

  get url(): string {
    return this.address;
  }

  async call(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(this.address + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, body: await response.json() };
  }

  /** Runs a statement in the database of a context. */
  query<Row extends object>(context: string, sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return queryServer<Row>(this.server.url, sql, parameters, `${this.prefix}_${context}`);
  }

  /** Locks a row, so that other transactions wait for it. Returns a function that releases the lock. */
  async lock(context: string, select: string, parameters: unknown[]): Promise<() => Promise<void>> {
    const url = new URL(this.server.url);
    url.pathname = `/${this.prefix}_${context}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query('BEGIN');
    await client.query(`${select} FOR UPDATE`, parameters);
    return () => client.end();
  }

  /**
   * Kills the process that hosts the context, and waits until it serves again: its supervisor restarts it, or this
   * method does where there is no supervisor.
   * @param meanwhile runs after the process has exited
   */
  async crash(context: string, meanwhile: () => Promise<void>): Promise<void> {
    const pid = this.pids().get(context);
    if (pid === undefined) {
      await this.program?.stop('SIGKILL');
      await meanwhile();
      return this.run();
    }
    process.kill(pid, 'SIGKILL');
    await until(`${context} has ended`, () => !isAlive(pid));
    await meanwhile();
    await until(`${context} is back`, () => this.pids().get(context) !== pid, START_TIMEOUT_MS);
  }

  /** Kills all processes, and removes everything that they stored. */
  async close(): Promise<void> {
    const pids = [...this.pids().values()];
    await this.program?.stop('SIGKILL');
    for (const pid of pids) sendSignal(pid, 'SIGKILL');
    await until('no process of it is left', () => !pids.some(isAlive));
    await dropDatabases(this.server.url, this.prefix);
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Stops it gracefully. Returns its exit code. */
  async stop(): Promise<number | null> {
    return this.program?.stop() ?? null;
  }

  private async run(): Promise<void> {
    this.program = new Program(MAIN, this.environment(), { cwd: this.folder });
    this.address = await this.program.listens();
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      DATABASE_URL: this.server.url,
      DATABASE_NAME_PREFIX: this.prefix,
      DATABASE_POOL_SIZE: '5',
      TRANSPORT_PREFIX: this.prefix,
      DATA_DIR: join(this.folder, 'data'),
      PORT: '0',
      THROTTLE_ENABLED: 'false',
      // A machine that runs many tests concurrently is slow.
      BREAKER_TIMEOUT_MS: '5000',
      ...this.env,
    };
  }

  /** The pids that a supervisor printed last, by process name; empty without a supervisor. */
  private pids(): ReadonlyMap<string, number> {
    const { output } = this;
    const started = [
      ...output.matchAll(/^ {4}(\S+) +\S.*? {3}(\d+) +http:/gm),
      ...output.matchAll(/^(\S+) +\| is back, with pid (\d+)$/gm),
    ].sort((one, other) => one.index - other.index);
    return new Map(started.map(([, name, pid]) => [name ?? '', Number(pid)]));
  }
}
