import type { DataSource, EntitySchema, MigrationInterface } from 'typeorm';
import type { Type } from '@nestjs/common';
import { MIGRATIONS_TABLE } from '../migration/migrations-table.js';
import { BIGINT_AS_NUMBER } from './number-types.js';
import { PoolClient } from './pool-client.js';

/** The longest time that a process which hangs in the middle of a transaction holds its locks. */
const LONGEST_IDLE_IN_TRANSACTION_MS = 20_000;

export interface DataSourceOptions {
  readonly url: string;
  /** The application name of the connection, as the server lists it. */
  readonly applicationName: string;
  readonly entities: readonly (Type | EntitySchema)[];
  readonly migrations: readonly Type<MigrationInterface>[];
  readonly poolSize: number;
}

/** Connects to the database of one context. */
export async function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  // Loaded here, so that a process without a database, such as the gateway, does not load it.
  const { DataSource } = await import('typeorm');
  const { entities, migrations } = options;
  const dataSource = new DataSource({
    ...options,
    type: 'postgres',
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: MIGRATIONS_TABLE,
    extra: {
      types: BIGINT_AS_NUMBER,
      connectionTimeoutMillis: 10_000,
      Client: PoolClient,
      // Pipeline statements: do not wait for the answers to earlier ones.
      pipeline: true,
      idle_in_transaction_session_timeout: LONGEST_IDLE_IN_TRANSACTION_MS,
    },
  });
  return dataSource.initialize();
}
