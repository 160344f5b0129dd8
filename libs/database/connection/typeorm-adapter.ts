import type { Pool } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';

/**
 * What is used of TypeORM beyond its documentation, all of it here. Its spec runs against the installed version, and what
 * is not as expected stops the start instead of failing later.
 */

/** The pool that TypeORM's connections come from. */
export function poolOf(dataSource: DataSource): Pool {
  const { master } = dataSource.driver as unknown as { readonly master?: Partial<Pool> };
  if (typeof master?.connect !== 'function' || typeof master.totalCount !== 'number') {
    throw new Error('This version of TypeORM keeps its pool elsewhere than in `driver.master`');
  }
  return master as Pool;
}

/**
 * Tells a runner of a transaction that was begun on its connection without it. TypeORM locks rows only where it knows of a
 * transaction, and would begin one of its own to save an entity.
 */
export function joinTransaction(runner: QueryRunner): void {
  if (runner.isTransactionActive !== false) {
    throw new Error(
      'This version of TypeORM keeps elsewhere than in `isTransactionActive` what it knows of it',
    );
  }
  Object.assign(runner, { isTransactionActive: true });
}
