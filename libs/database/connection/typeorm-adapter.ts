import type { Pool } from 'pg';
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

/**
 * Informs a query runner of a transaction that was begun on its connection without it. TypeORM locks rows only in a
 * transaction that it knows of, and would otherwise begin its own transaction to save an entity.
 */
export function joinTransaction(runner: QueryRunner): void {
  if (runner.isTransactionActive !== false) {
    throw new Error(
      'This version of TypeORM does not keep the state of a transaction in `isTransactionActive`',
    );
  }
  Object.assign(runner, { isTransactionActive: true });
}
