import type { ClientConfig, Pool, PoolOptions } from 'pg';
import type { PoolClientOptions } from './pool-client.js';
import type { DataSource, QueryRunner } from 'typeorm';

/**
 * Contains every use of TypeORM beyond its documentation. Its spec runs against the installed version, and a mismatch
 * fails the start instead of a later call.
 */

/** The pool that provides TypeORM's connections. */
export function poolOf(dataSource: DataSource): Pool {
  const { master } = dataSource.driver as unknown as { readonly master?: Partial<Pool> };
  if (typeof master?.connect !== 'function' || typeof master.totalCount !== 'number') {
    throw new Error('This version of TypeORM does not keep its pool in `driver.master`');
  }
  return master as Pool;
}

/** Has the pool connect anew for whoever needs a connection next. */
export function dropIdle(pool: Pool): void {
  for (let idle = pool.idleCount; idle > 0; idle -= 1) {
    pool.connect().then(
      (connection) => connection.release(true),
      () => undefined,
    );
  }
}

/** How the pool connects, for a connection outside of it. */
export function connectionOf({ options }: Pool): ClientConfig {
  // The pool hides its password from a spread.
  const { host, port, user, password, database, ssl, currentUrl } = options as PoolOptions &
    PoolClientOptions;
  const connectionString = currentUrl?.() ?? options.connectionString;
  const settings = { connectionString, host, port, user, password, database, ssl };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/**
 * Informs a query runner of a transaction that was begun on its connection without it. TypeORM locks rows only in a
 * transaction that it knows of, and would otherwise begin its own transaction to save an entity.
 */
export function joinTransaction(runner: QueryRunner): void {
  const { transactionDepth } = runner as unknown as { transactionDepth?: unknown };
  if (runner.isTransactionActive !== false || transactionDepth !== 0) {
    throw new Error(
      'This version of TypeORM does not keep the state of a transaction in `isTransactionActive` and `transactionDepth`',
    );
  }
  // With the depth, a transaction inside this one is a savepoint.
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
}
