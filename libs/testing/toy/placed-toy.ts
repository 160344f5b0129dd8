import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ControlView } from '@fissile/kit/operations';
import { ConsulAgent } from '../consul-agent/consul-agent.js';
import { askTopology } from '../product/apply-topology.js';
import { type Answer, sendRequest } from '../product/send-request.js';
import { Program } from '../program.js';
import { dropDatabases, queryServer, startTestServer, type TestServer } from '../test-database.js';
import { until } from '../until.js';
import { ToyFolder } from './running-toy.js';
import { TOY_MAIN } from './toy-main.js';

export const PLACEMENT_PREFIX = 'toy/placement';

/** One process of the toy, as a container would be. */
export interface PlacedProcess {
  readonly program: Program;
  readonly url: string;
  readonly dataDir: string;
  readonly key: string;
}

/** Processes of the toy that are started one by one, as containers are, and whose placement is in a Consul agent. */
export class PlacedToy {
  readonly prefix = `placed${randomBytes(4).toString('hex')}`;
  private readonly folder = new ToyFolder();
  private readonly programs: Program[] = [];
  private readonly dataDirs: string[] = [];

  private constructor(
    private readonly server: TestServer,
    readonly agent: ConsulAgent,
  ) {}

  static async start(): Promise<PlacedToy> {
    return new PlacedToy(await startTestServer(), await ConsulAgent.start());
  }

  /** A process that can do everything, and hosts the gateway. */
  edge(settings: Readonly<Record<string, string>> = {}): Promise<PlacedProcess> {
    return this.run('monolith', { TOPOLOGY: 'monolith', ...settings });
  }

  /** A process that has the code of one context. */
  ofContext(context: string, settings: Readonly<Record<string, string>> = {}): Promise<PlacedProcess> {
    return this.run(context, { TOPOLOGY: 'split', HOSTS: context, ...settings });
  }

  program(settings: Readonly<Record<string, string>>): { program: Program; dataDir: string } {
    const dataDir = mkdtempSync(join(tmpdir(), 'fissile-placed-'));
    this.dataDirs.push(dataDir);
    const env = { ...this.env, DATA_DIR: dataDir, ...settings };
    const program = new Program(TOY_MAIN, env, { cwd: this.folder.path });
    this.programs.push(program);
    return { program, dataDir };
  }

  /** Asks an edge process by its socket. @throws Error with what it refuses */
  ask({ dataDir }: PlacedProcess, request: object): Promise<ControlView> {
    return askTopology(dataDir, request);
  }

  /** What an edge shows of the change, once it is as wanted. */
  async shows(
    edge: PlacedProcess,
    what: string,
    isWanted: (view: ControlView) => boolean,
  ): Promise<ControlView> {
    let last: ControlView | undefined;
    try {
      return await until(what, async () => {
        last = await this.ask(edge, { action: 'show' });
        return isWanted(last) ? last : undefined;
      });
    } catch (error) {
      throw new Error(`${what}: ${JSON.stringify(last)}\n${edge.program.output}`, { cause: error });
    }
  }

  /** Kills a process, and lets Consul notice it: its session would end after a while. */
  async kill({ program, key }: PlacedProcess): Promise<void> {
    await program.stop('SIGKILL');
    this.agent.endSessionOf(key);
  }

  /** A call of beta that a process has begun, and answers when the row that it waits for is unlocked. */
  async slowCall({ url }: PlacedProcess): Promise<{ answer: Promise<Answer>; unlock(): Promise<void> }> {
    const path = `/api/beta/slots/${randomUUID()}`;
    await sendRequest(url, 'PUT', path, { body: { capacity: 1 } });
    const client = new pg.Client({ connectionString: this.databaseUrl('beta') });
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM slots WHERE id = $1 FOR UPDATE', [path.split('/').at(-1)]);
    const answer = sendRequest(url, 'PUT', path, { body: { capacity: 2 } });
    // By another connection: in one transaction the view stays as it was at first.
    await until('the call waits for the row', async () => {
      const sql = `
        SELECT 1 FROM pg_stat_activity
        WHERE datname = $1 AND wait_event_type = 'Lock' AND query LIKE '%slots%'`;
      return (await queryServer(this.server.url, sql, [`${this.prefix}_beta`])).length > 0;
    });
    return { answer, unlock: () => client.end() };
  }

  /** Resolves when every run has been done, and each event of each has been handled; and returns those that were handled twice. */
  async handledTwice(runs: readonly string[]): Promise<unknown[]> {
    const atRest = `
      SELECT 1 FROM unnest($1::uuid[]) AS run (id)
      WHERE NOT EXISTS (SELECT FROM heard WHERE run_id = run.id)`;
    const undone = `SELECT 1 FROM runs WHERE id = ANY ($1::uuid[]) AND state <> 'done'`;
    await until('all runs are done and heard of', async () => {
      const missing = [
        await this.query('alpha', atRest, runs),
        await this.query('beta', atRest, runs),
        await this.query('alpha', undone, runs),
      ];
      return missing.flat().length === 0;
    });
    const twice =
      'SELECT run_id FROM heard WHERE run_id = ANY ($1::uuid[]) GROUP BY run_id HAVING count(*) > 1';
    return [await this.query('alpha', twice, runs), await this.query('beta', twice, runs)].flat();
  }

  async close(): Promise<void> {
    for (const program of this.programs) program.signal('SIGCONT');
    await Promise.all(this.programs.map((program) => program.stop('SIGKILL')));
    await this.agent.stop();
    await dropDatabases(this.server.url, this.prefix);
    await this.server.stop();
    for (const dataDir of this.dataDirs) rmSync(dataDir, { recursive: true, force: true });
    this.folder.remove();
  }

  private async run(name: string, settings: Readonly<Record<string, string>>): Promise<PlacedProcess> {
    const { program, dataDir } = this.program(settings);
    const url = await program.listens();
    const { hostname, port } = new URL(url);
    const key = `${PLACEMENT_PREFIX}/members/${name}/${hostname}-${port}`;
    await until(`${name} is known`, () => this.agent.valueOf(key));
    return { program, url, dataDir, key };
  }

  private query(context: string, sql: string, runs: readonly string[]): Promise<object[]> {
    return queryServer(this.server.url, sql, [runs], `${this.prefix}_${context}`);
  }

  private databaseUrl(context: string): string {
    const url = new URL(this.server.url);
    url.pathname = `/${this.prefix}_${context}`;
    return url.href;
  }

  private get env(): Record<string, string> {
    return {
      PORT: '0',
      EVENT_BUS: 'direct',
      TRANSPORT: 'grpc',
      DATABASE_URL: this.server.url,
      DATABASE_NAME_PREFIX: this.prefix,
      DATABASE_POOL_SIZE: '5',
      INTERNAL_AUTH_SECRET: 'the-secret-of-the-toy-of-this-test-alone',
      THROTTLE_ENABLED: 'false',
      // A machine that runs many tests concurrently is slow.
      BREAKER_TIMEOUT_MS: '5000',
      REQUEST_DEADLINE_MS: '60000',
      DISCOVERY: 'consul',
      DISCOVERY_LEAVE_MS: '200',
      CONSUL_URL: this.agent.url,
      PLACEMENT_STORE: 'consul',
      PLACEMENT_PREFIX,
    };
  }
}
