import type { Type } from '@nestjs/common';
import type { DataSource, MigrationInterface } from 'typeorm';
import { DatabaseStartError } from '../connection/database-server.js';
import type { DatabaseSettings } from '../database.settings.js';
import { expectMigrated, migrate } from './migrate.js';
import { MIGRATIONS_TABLE } from './migrations-table.js';

/** One connection for the lock, one for the work. */
const CONNECTIONS = 2;

/**
 * Migrates the kit's tables in the database of an application's DataSource, by a connection of its own: the
 * application's migrations and their table are not touched.
 * @throws DatabaseStartError
 */
export async function migrateOnDataSource(
  dataSource: DataSource,
  context: string,
  migrations: readonly Type<MigrationInterface>[],
  { MIGRATE_AT_START }: Pick<DatabaseSettings, 'MIGRATE_AT_START'>,
): Promise<void> {
  if (dataSource.options.type !== 'postgres') {
    throw new DatabaseStartError(
      `The DataSource of ${context} is of type ${dataSource.options.type}; expected postgres`,
    );
  }
  try {
    const own = await openBeside(dataSource, migrations);
    try {
      await (MIGRATE_AT_START ? migrate(own) : expectMigrated(own));
    } finally {
      await own.destroy();
    }
  } catch (error) {
    throw new DatabaseStartError(`The database of ${context} cannot be used: ${(error as Error).message}`);
  }
}

/** Another DataSource on the same database, which knows the kit's migrations alone. */
async function openBeside(
  { options }: DataSource,
  migrations: readonly Type<MigrationInterface>[],
): Promise<DataSource> {
  const { DataSource } = await import('typeorm');
  const { extra = {} } = options as { extra?: object };
  const beside = new DataSource({
    ...options,
    type: 'postgres',
    entities: [],
    subscribers: [],
    migrations: [...migrations],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsRun: false,
    synchronize: false,
    dropSchema: false,
    cache: false,
    poolSize: CONNECTIONS,
    extra: { ...extra, max: CONNECTIONS },
  } as ConstructorParameters<typeof DataSource>[0]);
  return beside.initialize();
}
