import type { Type } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { EntitySchema, MigrationInterface } from 'typeorm';
import type { Database } from '@fissile/kit/database';
import { dropDatabases, queryServer, startTestServer } from './test-database.js';

export interface TestDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

/** A migrated database of its own, for tests of code behind the API. */
export async function openTestDatabase(options: {
  entities?: (Type | EntitySchema)[];
  migrations: Type<MigrationInterface>[];
}): Promise<TestDatabase> {
  // Loaded here, since most tests are of what runs as programs.
  const { Logger } = await import('@nestjs/common');
  const { Database, migrate, openDataSource } = await import('@fissile/kit/database');
  // The errors that such tests provoke are logged, and would flood the output.
  Logger.overrideLogger(false);
  const server = await startTestServer();
  const prefix = `u${randomBytes(5).toString('hex')}`;
  await queryServer(server.url, `CREATE DATABASE ${prefix}_context`);
  const url = new URL(server.url);
  url.pathname = `/${prefix}_context`;
  const dataSource = await openDataSource({
    url: url.href,
    applicationName: 'test',
    poolSize: 10,
    entities: options.entities ?? [],
    migrations: options.migrations,
  });
  await migrate(dataSource);
  const database = new Database(dataSource, 'test');
  return {
    database,
    close: async () => {
      await database.close();
      await dropDatabases(server.url, prefix);
      await server.stop();
    },
  };
}
