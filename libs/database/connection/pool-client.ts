import pg from 'pg';
import { isTraced } from '@fissile/kit/observability';
import { AnswerWatch } from './answer-watch.js';
import { inSqlSpan } from './sql-span.js';

type Query = (...args: unknown[]) => unknown;

/** Our statements are constants, about a hundred of them. */
const REMEMBER_AT_MOST = 1_000;
const names = new Map<string, string>();

/** How long a connection that leaves its pool may take to say goodbye. */
const GOODBYE_MS = 2_000;

/** The options of a pool of these connections, besides those of `pg`. */
export interface PoolClientOptions {
  /** After how long without an answer a connection is destroyed. */
  readonly answerTimeoutMillis?: number | undefined;
  /** The address as it is now, with the password that counts now; wins over the connection string. */
  readonly currentUrl?: (() => string) | undefined;
  /** Called when the pool's other connections may be as bad as one that was given up. */
  readonly onDistrust?: () => void;
}

/** Errors for a prepared statement that the server has dropped, or whose columns have changed since. */
const PREPARED_IS_STALE = new Set(['26000', '0A000']);

/**
 * A connection that may break at any time. Its user learns of it from the statement that fails; but between two users
 * nothing listens, and Node ends the process for an error event without a listener. Every statement from any source
 * passes through here, so traces record statements here.
 */
export class PoolClient extends pg.Client {
  /** Names of statements that were prepared before a change of the tables are not reused. */
  private generation = 0;
  private readonly watch: AnswerWatch;

  constructor(config: pg.ClientConfig & PoolClientOptions = {}) {
    super(config.currentUrl ? { ...config, connectionString: config.currentUrl() } : config);
    this.watch = new AnswerWatch(this, config.answerTimeoutMillis, config.onDistrust);
    this.on('error', () => undefined);
  }

  override query: pg.Client['query'] = ((...args: unknown[]): unknown => {
    const run = (): unknown => (super.query as Query).apply(this, args);
    // With a callback or a cursor there is no promise to wait for.
    if (typeof args.at(-1) === 'function' || typeof (args[0] as { submit?: unknown }).submit === 'function')
      return run();
    const answer = (
      isTraced() ? inSqlSpan(args[0], this, run as () => Promise<unknown>) : run()
    ) as Promise<unknown>;
    return this.watch.over(answer);
  }) as pg.Client['query'];

  /** A socket that is frozen does not close when it is asked to. */
  override end: pg.Client['end'] = ((...args: unknown[]): unknown => {
    const { stream } = this.connection;
    const timer = setTimeout(() => stream.destroy(), GOODBYE_MS).unref();
    stream.once('close', () => clearTimeout(timer));
    return (super.end as Query).apply(this, args);
  }) as pg.Client['end'];

  /** Runs one of our own statements, which the server plans once per connection, and returns its rows. */
  async run<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const known = nameOf(sql);
    const name = known && `${known}_${this.generation}`;
    try {
      return (await this.query({ text: sql, values: parameters, ...(name && { name }) })).rows as Row[];
    } catch (error) {
      if (PREPARED_IS_STALE.has((error as { code?: string }).code ?? '')) this.generation += 1;
      throw error;
    }
  }

  /** Buffers what is sent from now on, to send it in one write. */
  hold(): void {
    this.connection.stream.cork();
  }

  letGo(): void {
    this.connection.stream.uncork();
  }
}

/** Undefined for a statement that must be planned each time: there are more than the server should keep. */
function nameOf(sql: string): string | undefined {
  const known = names.get(sql);
  if (known !== undefined || names.size >= REMEMBER_AT_MOST) return known;
  const name = `fissile_${names.size}`;
  names.set(sql, name);
  return name;
}
