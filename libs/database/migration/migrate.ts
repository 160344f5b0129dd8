import type { DataSource } from 'typeorm';
import { informFormerTable, takeOverFormerTable } from './migrations-table.js';

/** An arbitrary number; every process must request the same lock. */
const MIGRATION_LOCK = 7_315_001;

/**
 * Migrates the database; processes that start at the same time wait for each other.
 * @returns the names of the migrations that this call has run
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const lockHolder = dataSource.createQueryRunner();
  try {
    await lockHolder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await takeOverFormerTable(lockHolder, dataSource);
    const migrated = await dataSource.runMigrations({ transaction: 'each' });
    await informFormerTable(lockHolder, dataSource);
    return migrated.map(({ name }) => name);
  } finally {
    await lockHolder.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lockHolder.release();
  }
}

/** @throws Error when the database lacks migrations that the code expects */
export async function expectMigrated(dataSource: DataSource): Promise<void> {
  const { MigrationExecutor } = await import('typeorm');
  const [first, ...more] = await new MigrationExecutor(dataSource).getPendingMigrations();
  if (!first) return;
  throw new Error(
    `it lacks ${more.length + 1} of its migrations, from ${first.name} on. ` +
      'Run the command migrate first, or set MIGRATE_AT_START=true.',
  );
}
