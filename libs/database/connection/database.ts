import type { DataSource, EntityManager, ObjectLiteral, EntityTarget, Repository } from 'typeorm';
import type { Pool } from 'pg';
import { ContextError, isConnectionFailure } from '@fissile/kit/contract';
import { throwIfCallCancelled } from '@fissile/kit/request';
import type { CommitFaults, CommitRecord } from './commit-faults.js';
import type { PoolClient } from './pool-client.js';
import { Transaction } from './transaction.js';
import { joinTransaction, poolOf } from './typeorm-adapter.js';

/**
 * PostgreSQL's codes for errors that a retry resolves: a conflict with another transaction, or a plan for tables that
 * have changed.
 */
const AGAIN = new Set(['40001', '40P01', '26000', '0A000']);
const MAX_ATTEMPTS = 5;

/** The number of connections, and the number of requests that wait for one. */
export interface PoolUse {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

/**
 * The database of the context that injects it. When the database is unavailable or the connection is lost, the
 * methods reject with the ContextError `unavailable`; it is then unknown whether a transaction was committed. Work
 * for a call that is cancelled is rejected with the reason of the cancellation.
 */
export class Database {
  private readonly pool: Pool;

  constructor(
    private readonly dataSource: DataSource,
    /** The context's name. */
    readonly context: string,
    /** Only in fault-injection tests. */
    private readonly faults?: CommitFaults,
  ) {
    this.pool = poolOf(dataSource);
  }

  /** The connection options for a connection outside the pool. */
  get connection(): { readonly connectionString: string; readonly application_name: string } {
    const { url = '' } = this.dataSource.options as { url?: string };
    return { connectionString: url, application_name: `fissile ${this.context}` };
  }

  get poolUse(): PoolUse {
    const { totalCount: total, idleCount: idle, waitingCount: waiting, options } = this.pool;
    return { total, idle, waiting, max: options.max };
  }

  /** Runs one statement as its own transaction and returns its rows. */
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return this.again(() => this.runOne<Row>(sql, parameters));
  }

  /** The repository of an entity, outside any transaction. */
  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.dataSource.getRepository(entity);
  }

  get manager(): EntityManager {
    return this.dataSource.manager;
  }

  /**
   * Runs the work in one transaction and commits it, or rolls it back when the work throws. When PostgreSQL aborts
   * the work because of a conflict with another transaction, the work is retried from the start, so it must have no
   * other side effects.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.again(() => this.attempt(work));
  }

  private async again<T>(attempt: () => Promise<T>): Promise<T> {
    throwIfCallCancelled();
    for (let count = 1; ; count += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (count === MAX_ATTEMPTS || !AGAIN.has(sqlStateOf(error) ?? '')) throw asUnavailable(error);
      }
    }
  }

  private async runOne<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    const client = (await this.pool.connect()) as unknown as PoolClient & { release(): void };
    const commit = this.faults?.watch();
    try {
      commit?.note(sql);
      if (commit) this.faults?.before(commit);
      const rows = await client.run<Row>(sql, parameters);
      if (commit) this.faults?.after(commit);
      return rows;
    } finally {
      client.release();
    }
  }

  private async attempt<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const commit = this.faults?.watch(runner);
    try {
      const client = (await runner.connect()) as PoolClient;
      joinTransaction(runner);
      const transaction = new Transaction(client, runner, (sql) => commit?.note(sql));
      return await this.commitOf(transaction, work, commit);
    } finally {
      await runner.release();
    }
  }

  private async commitOf<T>(
    transaction: Transaction,
    work: (transaction: Transaction) => Promise<T>,
    commit: CommitRecord | undefined,
  ): Promise<T> {
    try {
      const result = await work(transaction);
      await transaction.runChecks();
      // The last chance to do nothing for a cancelled caller: it has already received an error that leaves the
      // outcome unknown.
      throwIfCallCancelled();
      if (commit) this.faults?.before(commit);
      await transaction.commit();
      if (commit) this.faults?.after(commit);
      transaction.runCommitCallbacks();
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }
}

interface ServerError {
  readonly code?: unknown;
  readonly constraint?: unknown;
}

/** The server's error: the pg error itself, or the one that TypeORM's error wraps. */
function serverErrorOf(error: unknown): ServerError | undefined {
  const { driverError } = (error ?? {}) as { driverError?: ServerError };
  return driverError ?? (error as ServerError | undefined) ?? undefined;
}

/** The five-character SQLSTATE of a PostgreSQL error; undefined for other errors. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = serverErrorOf(error)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** True when the error is a violation of that unique index or constraint. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  return sqlStateOf(error) === '23505' && serverErrorOf(error)?.constraint === constraint;
}

/** True when the error is a violation of that exclusion constraint, such as one against overlapping times. */
export function violatesExclusion(error: unknown, constraint: string): boolean {
  return sqlStateOf(error) === '23P01' && serverErrorOf(error)?.constraint === constraint;
}

/** Converts a lost connection into the ContextError `unavailable`; returns any other error unchanged. */
function asUnavailable(error: unknown): unknown {
  return isConnectionFailure(error) ? ContextError.of('unavailable', 'The database does not answer') : error;
}
