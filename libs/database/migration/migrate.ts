import type { DataSource } from 'typeorm';
import { Logger } from '@nestjs/common';
import { informFormerTable, takeOverFormerTable, unknownMigrations } from './migrations-table.js';

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
    warnOfUnknown(await unknownMigrations(lockHolder, dataSource));
    return migrated.map(({ name }) => name);
  } finally {
    await lockHolder.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lockHolder.release();
  }
}

/** A newer version has migrated the database: normal during a rollout or after going back, and worth knowing. */
function warnOfUnknown(names: readonly string[]): void {
  if (names.length === 0) return;
  const logger = new Logger('Migrations');
  logger.warn(`The database has migrations of a newer version than this process: ${names.join(', ')}`);
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
