import type { DataSource, EntityManager, ObjectLiteral, EntityTarget, Repository } from 'typeorm';
import type { Pool } from 'pg';
import { ContextError } from '#libs/contracts';
import { isConnectionFailure, throwIfCallEnded } from '#libs/transport';
import type { CommitFaults } from './commit-faults.js';
import { Transaction } from './transaction.js';

/** PostgreSQL's codes for a transaction that lost against another and succeeds when run again. */
const LOST_AGAINST_ANOTHER = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 5;

/** How many connections there are, and how many more would be used if there were more. */
export interface PoolUse {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

/**
 * The database of the context that asks for it. When it cannot be reached, or goes away, its methods reject with the
 * ContextError `unavailable`; whether a transaction was committed is then not known. Work for a call that has ended is
 * refused with what ended it.
 */
export class Database {
  constructor(
    private readonly dataSource: DataSource,
    /** The context's name. */
    readonly context: string,
    /** In tests of faults alone. */
    private readonly faults?: CommitFaults,
  ) {}

  /** How to reach it by a connection outside of the pool. */
  get connection(): { readonly connectionString: string; readonly application_name: string } {
    const { url = '' } = this.dataSource.options as { url?: string };
    return { connectionString: url, application_name: `fissile ${this.context}` };
  }

  get poolUse(): PoolUse {
    const { master } = this.dataSource.driver as unknown as { master: Pool };
    const { totalCount: total, idleCount: idle, waitingCount: waiting, options } = master;
    return { total, idle, waiting, max: options.max };
  }

  /** Runs one statement, which is its own transaction, and gives its rows. */
  async query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    throwIfCallEnded();
    const runner = this.dataSource.createQueryRunner();
    const commit = this.faults?.watch(runner);
    try {
      commit?.note(sql);
      if (commit) this.faults?.before(commit);
      const { records } = await runner.query(sql, parameters, true);
      if (commit) this.faults?.after(commit);
      return records as Row[];
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      await runner.release();
    }
  }

  /** The repository of an entity, outside any transaction. */
  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.dataSource.getRepository(entity);
  }

  get manager(): EntityManager {
    return this.dataSource.manager;
  }

  /**
   * Runs the work in one transaction and commits it, or rolls it back when the work throws. Work that PostgreSQL
   * aborts in favour of another transaction is run again from the start, so it must not touch anything else.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    throwIfCallEnded();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        const lost = LOST_AGAINST_ANOTHER.has(sqlStateOf(error) ?? '');
        if (attempt === MAX_ATTEMPTS || !lost) throw asUnavailable(error);
      }
    }
  }

  private async attempt<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const commit = this.faults?.watch(runner);
    const transaction = new Transaction(runner);
    try {
      await runner.startTransaction();
      try {
        const result = await work(transaction);
        // The last moment to do nothing for a caller that has gone: it has been told that nothing is known.
        throwIfCallEnded();
        if (commit) this.faults?.before(commit);
        await runner.commitTransaction();
        if (commit) this.faults?.after(commit);
        transaction.runCommitCallbacks();
        return result;
      } catch (error) {
        // A connection that is gone cannot roll back, and need not: the server has done it.
        await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }
}

/** The five-character SQLSTATE of a PostgreSQL error, if it is one. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown; driverError?: { code?: unknown } } | null)?.code;
  const driverCode = (error as { driverError?: { code?: unknown } } | null)?.driverError?.code;
  const found = code ?? driverCode;
  return typeof found === 'string' && /^[0-9A-Z]{5}$/.test(found) ? found : undefined;
}

/** True when the error is a violation of that unique index or constraint. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const driverError = (error as { driverError?: { constraint?: unknown } } | null)?.driverError;
  return sqlStateOf(error) === '23505' && driverError?.constraint === constraint;
}

/** Tells a lost database by the catalogue; any other error stays as it is. */
function asUnavailable(error: unknown): unknown {
  return isConnectionFailure(error) ? ContextError.of('unavailable', 'The database does not answer') : error;
}
