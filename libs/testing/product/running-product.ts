import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MONOLITH, type Product } from '@fissile/kit/contract';
import { isAlive, sendSignal } from '../processes.js';
import { Program, START_TIMEOUT_MS } from '../program.js';
import { dropDatabases, queryServer, startTestServer, type TestServer } from '../test-database.js';
import { until } from '../until.js';
import type { ControlView, TopologyRequest } from '@fissile/kit/operations';
import { applyTopology, askTopology, topologyAtRest } from './apply-topology.js';
import { type Answer, type CallOptions, sendRequest } from './send-request.js';
import { supervisedPids } from './supervised-processes.js';

const MAIN = 'dist/apps/monolith/src/main.js';

export interface RunOptions {
  /** The description of the product. */
  readonly product: Product;
  /** A name of `config/topology.yaml`, or `monolith`, the default. */
  readonly topology?: string | undefined;
  /** Settings beside those that keep runs apart. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** The compiled program that can host every context; `dist/apps/monolith/src/main.js` when absent. */
  readonly main?: string | undefined;
  /** The folder whose `config/` it reads; the working directory when absent. */
  readonly cwd?: string | undefined;
  /** A PostgreSQL server; the shared one of the test run, or one of its own, when absent. */
  readonly server?: TestServer | undefined;
}

/** A product as its users run it: programs of its own, databases of its own, and its public API. */
export class RunningProduct {
  /** The prefix of database names, and of everything stored on a broker. */
  readonly prefix = `t${randomBytes(5).toString('hex')}`;
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'fissile-product-'));
  private program: Program | undefined;
  private address = '';

  private constructor(
    private readonly server: TestServer,
    private readonly options: RunOptions,
  ) {}

  /** Starts all processes of the topology. When the start fails, nothing is left. */
  static async start(options: RunOptions): Promise<RunningProduct> {
    const running = new RunningProduct(options.server ?? (await startTestServer()), options);
    try {
      await running.run();
    } catch (error) {
      await running.close();
      throw error;
    }
    return running;
  }

  get product(): Product {
    return this.options.product;
  }

  get topology(): string {
    return this.options.settings?.['TOPOLOGY'] ?? this.options.topology ?? MONOLITH;
  }

  /** Where the API is; another address after a restart of everything. */
  get url(): string {
    return this.address;
  }

  /** All output since the last start. */
  get output(): string {
    return this.program?.output ?? '';
  }

  /** The processes of a topology that has several; empty for one process. */
  get processNames(): string[] {
    return [...this.pids.keys()];
  }

  get contexts(): readonly string[] {
    return this.product.contextNames;
  }

  databaseUrl(context: string): string {
    const url = new URL(this.server.url);
    url.pathname = `/${this.prefix}_${context}`;
    return url.href;
  }

  /** Sends a request to the public API. */
  call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    return sendRequest(this.url, method, path, options);
  }

  /**
   * A typed client: `product.client(createClient<paths>)`, with openapi-fetch and the types that `fissile client` writes.
   */
  client<Client>(create: (options: { baseUrl: string }) => Client): Client {
    return create({ baseUrl: this.url });
  }

  /** Runs a statement in the database of a context. */
  query<Row extends object>(context: string, sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return queryServer<Row>(this.server.url, sql, parameters, `${this.prefix}_${context}`);
  }

  /** Closes all its database connections. */
  async cutDatabaseConnections(): Promise<void> {
    const sql = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(datname, $1)';
    await queryServer(this.server.url, sql, [`${this.prefix}_`]);
  }

  /** Kills a process with SIGKILL, and waits until it serves again. @param meanwhile runs after it has exited */
  crash(processName?: string, meanwhile?: () => Promise<void>): Promise<void> {
    return this.end(processName, 'SIGKILL', meanwhile);
  }

  /**
   * Moves its contexts while it serves, until its processes are those of that topology.
   * @returns the ids of its processes, by their names
   */
  applyTopology(topology: string): Promise<ReadonlyMap<string, number>> {
    return applyTopology(this.dataDir, topology);
  }

  /** Shows what its processes host, or begins a change of it. @throws Error with what it refuses */
  askTopology(request: TopologyRequest): Promise<ControlView> {
    return askTopology(this.dataDir, request);
  }

  topologyAtRest(): Promise<ControlView> {
    return topologyAtRest(this.dataDir);
  }

  /** Stops a process gracefully, and waits until it serves again. */
  restart(processName?: string): Promise<void> {
    return this.end(processName, 'SIGTERM');
  }

  /** Stops everything gracefully. Returns the exit code. */
  async stop(): Promise<number | null> {
    return this.program?.stop() ?? null;
  }

  /** Kills all processes, and removes everything that they stored. */
  async close(): Promise<void> {
    const pids = [...this.pids.values()];
    await this.program?.stop('SIGKILL');
    for (const pid of pids) sendSignal(pid, 'SIGKILL');
    await until('no process of it is left', () => !pids.some(isAlive));
    await dropDatabases(this.server.url, this.prefix);
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** A supervisor starts its process again; where there is none, this class does. */
  private async end(
    processName: string | undefined,
    signal: 'SIGKILL' | 'SIGTERM',
    meanwhile: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    const pid = this.pidOf(processName);
    if (processName === undefined || pid === undefined) {
      await this.program?.stop(signal);
      await meanwhile();
      return this.run();
    }
    process.kill(pid, signal);
    await until(`${processName} has ended`, () => !isAlive(pid), START_TIMEOUT_MS);
    await meanwhile();
    await until(`${processName} is back`, () => this.pids.get(processName) !== pid, START_TIMEOUT_MS);
  }

  private pidOf(processName: string | undefined): number | undefined {
    const { pids } = this;
    if (pids.size === 0) return undefined;
    const pid = processName === undefined ? undefined : pids.get(processName);
    if (pid === undefined) {
      throw new Error(`${processName} is no process of ${this.topology}: ${[...pids.keys()].join(', ')}`);
    }
    return pid;
  }

  private async run(): Promise<void> {
    const { main = MAIN, cwd } = this.options;
    this.program = new Program(main, this.environment(), { cwd });
    this.address = await this.program.listens();
  }

  private get pids(): ReadonlyMap<string, number> {
    return supervisedPids(this.output);
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      TOPOLOGY: this.topology,
      // Tests need no broker, whatever the product uses in production.
      TRANSPORT: 'grpc',
      EVENT_BUS: this.topology === MONOLITH ? 'local' : 'direct',
      DATABASE_URL: this.server.url,
      DATABASE_NAME_PREFIX: this.prefix,
      DATABASE_POOL_SIZE: '5',
      TRANSPORT_PREFIX: this.prefix,
      DATA_DIR: this.dataDir,
      PORT: '0',
      THROTTLE_ENABLED: 'false',
      // A machine that runs many tests concurrently is slow.
      BREAKER_TIMEOUT_MS: '5000',
      ...this.options.settings,
    };
  }
}
