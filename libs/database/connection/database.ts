import type {
  DataSource,
  EntityManager,
  ObjectLiteral,
  EntityTarget,
  QueryRunner,
  Repository,
} from 'typeorm';
import type { ClientBase, ClientConfig, Pool } from 'pg';
import { ContextError, isTransientError } from '@fissile/kit/contract';
import { currentCall, throwIfCallCancelled } from '@fissile/kit/request';
import type { CommitFaults, CommitRecord } from './commit-faults.js';
import { type StatementClient, statementClientOf } from './adopted-client.js';
import { CommitWatch } from './commit-watch.js';
import { isReadOnly } from './read-only-check.js';
import { Transaction } from './transaction.js';
import { connectionOf, joinTransaction, poolOf } from './typeorm-adapter.js';

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
 * The database of the context that injects it. When the database is unavailable, the connection is lost or
 * the database says that it cannot do the work now, the methods reject with the ContextError `unavailable`; it is then
 * unknown whether a transaction was committed. Work for a call that is cancelled is rejected with the reason of the
 * cancellation, and the statement under way is cancelled at the server.
 */
export class Database {
  private readonly pool: Pool;
  /** The transactions that were begun here and have not ended. */
  private readonly open = new WeakMap<QueryRunner, Transaction>();

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
  get connection(): ClientConfig {
    return {
      ...connectionOf(this.pool),
      application_name: `fissile ${this.context}`,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    };
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

  /**
   * Joins a transaction that TypeORM has begun, such as that of `dataSource.transaction((manager) => …)`: what the work
   * writes, such as events in the outbox, is committed or rolled back with it. When this resolves, all statements have
   * been executed; TypeORM commits them.
   * @throws Error when the manager is in no transaction, or in one of another data source
   */
  async join<T>(manager: EntityManager, work: (transaction: Transaction) => T | Promise<T>): Promise<T> {
    const { queryRunner: runner } = manager;
    if (!runner?.isTransactionActive) {
      throw new Error(
        'This EntityManager is in no transaction: pass the one that dataSource.transaction() gives',
      );
    }
    if (manager.dataSource !== this.dataSource) {
      throw new Error(`This EntityManager is not of the DataSource of ${this.context}`);
    }
    const open = this.open.get(runner);
    if (open) return work(open);
    const transaction = Transaction.joined(await clientOf(runner), runner);
    try {
      const result = await work(transaction);
      this.commits.add(runner, await transaction.leave());
      return result;
    } catch (error) {
      await transaction.abandon();
      throw error;
    }
  }

  /**
   * For health checks: rejects when the database cannot be used, or only read. When all connections are in use, it asks
   * by one outside the pool: a busy pool is not a database that is down.
   */
  async expectWritable(): Promise<void> {
    if (await isReadOnly(this.pool, this.connection))
      throw new Error(`The database of ${this.context} is read-only`);
  }

  private get commits(): CommitWatch {
    return CommitWatch.of(this.dataSource);
  }

  private async again<T>(attempt: () => Promise<T>): Promise<T> {
    throwIfCallCancelled();
    for (let count = 1; ; count += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (count < MAX_ATTEMPTS && AGAIN.has(sqlStateOf(error) ?? '')) continue;
        throw isTransientError(error) ? unavailableOrCancelled() : error;
      }
    }
  }

  private async runOne<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    const connection = await this.pool.connect();
    const client = statementClientOf(connection);
    const commit = this.faults?.watch();
    try {
      // The caller may have left while this waited for a connection.
      throwIfCallCancelled();
      commit?.note(sql);
      if (commit) this.faults?.before(commit);
      const rows = await client.run<Row>(sql, parameters);
      if (commit) this.faults?.after(commit);
      return rows;
    } finally {
      connection.release();
    }
  }

  private async attempt<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const commit = this.faults?.watch(runner);
    try {
      const client = await clientOf(runner);
      throwIfCallCancelled();
      joinTransaction(runner);
      const transaction = new Transaction(client, runner, (sql) => commit?.note(sql));
      this.open.set(runner, transaction);
      return await this.commitOf(transaction, work, commit);
    } finally {
      this.open.delete(runner);
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

async function clientOf(runner: QueryRunner): Promise<StatementClient> {
  return statementClientOf((await runner.connect()) as ClientBase);
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

/** Why work failed for a while: because its call was cancelled, where it was. */
function unavailableOrCancelled(): Error {
  return currentCall()?.cancellation?.reason ?? ContextError.of('unavailable', 'The database is unavailable');
}
