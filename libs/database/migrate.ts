import type { DataSource } from 'typeorm';

/** Any number will do, as long as every process asks for the same lock. */
const MIGRATION_LOCK = 7_315_001;

/** Brings the database up to date; processes that start at the same time wait for each other. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const lockHolder = dataSource.createQueryRunner();
  try {
    await lockHolder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await lockHolder.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lockHolder.release();
  }
}
