import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ControlView, TopologyRequest } from '@fissile/kit/operations';
import { RunningProduct } from '../product/running-product.js';
import { toy } from './toy.js';
import { TOY_MAIN } from './toy-main.js';

const SPLIT = 'split:\n  gateway: [gateway]\n  alpha: [alpha]\n  beta: [beta]\n';

/** A folder with the topologies of the toy, for as long as a test runs. */
export class ToyFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'fissile-toy-'));

  constructor() {
    mkdirSync(join(this.path, 'config'));
    writeFileSync(join(this.path, 'config/topology.yaml'), SPLIT);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The toy as one program or several, with its own databases, accessed through its public API. */
export class RunningToy {
  private constructor(
    private readonly running: RunningProduct,
    private readonly folder: ToyFolder,
  ) {}

  /** @param settings such as TOPOLOGY and TRANSPORT */
  static async start(settings: Readonly<Record<string, string>>): Promise<RunningToy> {
    const folder = new ToyFolder();
    try {
      const options = { product: toy, main: TOY_MAIN, cwd: folder.path, settings };
      return new RunningToy(await RunningProduct.start(options), folder);
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  get url(): string {
    return this.running.url;
  }

  get prefix(): string {
    return this.running.prefix;
  }

  get processNames(): string[] {
    return this.running.processNames;
  }

  get output(): string {
    return this.running.output;
  }

  async call(method: string, path: string, body?: object): Promise<Answer> {
    const { status, body: answered } = await this.running.call(method, path, { body });
    return { status, body: answered };
  }

  query<Row extends object>(context: string, sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.running.query<Row>(context, sql, parameters);
  }

  /** Locks a row, so that other transactions wait for it. Returns a function that releases the lock. */
  async lock(context: string, select: string, parameters: unknown[]): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: this.running.databaseUrl(context) });
    await client.connect();
    await client.query('BEGIN');
    await client.query(`${select} FOR UPDATE`, parameters);
    return () => client.end();
  }

  applyTopology(topology: string): Promise<ReadonlyMap<string, number>> {
    return this.running.applyTopology(topology);
  }

  askTopology(request: TopologyRequest): Promise<ControlView> {
    return this.running.askTopology(request);
  }

  topologyAtRest(): Promise<ControlView> {
    return this.running.topologyAtRest();
  }

  crash(context: string, meanwhile: () => Promise<void>): Promise<void> {
    return this.running.crash(context, meanwhile);
  }

  stop(): Promise<number | null> {
    return this.running.stop();
  }

  async close(): Promise<void> {
    await this.running.close();
    this.folder.remove();
  }
}
