import { messageWithTls } from '@fissile/kit/config';
import type { ContextName } from '@fissile/kit/contract';
import { openDataSource } from '../connection/data-source.js';
import { type DatabaseServer, DatabaseStartError } from '../connection/database-server.js';
import { type DatabaseOptions, declaredDatabase } from './declared-databases.js';
import { migrate } from './migrate.js';

/** One connection for the lock, one for the work. */
const CONNECTIONS = 2;

/**
 * Migrates the database of a context, without starting the context.
 * @returns the names of the migrations that this call has run
 * @throws DatabaseStartError
 */
export async function migrateContext(server: DatabaseServer, context: ContextName): Promise<string[]> {
  const migrations = declaredDatabase(context)?.migrations ?? [];
  const url = await server.prepare(context);
  try {
    return await migrateAt(url, context, migrations);
  } catch (error) {
    throw new DatabaseStartError(
      `The database of ${context} cannot be migrated: ${messageWithTls('DATABASE', error)}`,
    );
  }
}

/** By connections of its own, whose statements may take as long as they need. */
export async function migrateAt(
  url: string,
  context: ContextName,
  migrations: DatabaseOptions['migrations'],
): Promise<string[]> {
  const applicationName = `fissile ${context} migrations`;
  const dataSource = await openDataSource({
    url,
    applicationName,
    poolSize: CONNECTIONS,
    entities: [],
    migrations,
  });
  try {
    return await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
