import pg from 'pg';
import type { DataSource, EntitySchema, MigrationInterface } from 'typeorm';
import type { Type } from '@nestjs/common';
import { PoolClient } from './pool-client.js';

// Amounts are bigint columns that stay far below 2^53.
pg.defaults.parseInt8 = true;

/** A process that is frozen in the middle of a transaction keeps what it has locked from all others for this long at most. */
const LONGEST_IDLE_IN_TRANSACTION_MS = 20_000;

export interface DataSourceOptions {
  readonly url: string;
  /** How the server's lists of connections call it. */
  readonly applicationName: string;
  readonly entities: readonly (Type | EntitySchema)[];
  readonly migrations: readonly Type<MigrationInterface>[];
  readonly poolSize: number;
}

/** Connects to the database of one context. */
export async function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  // Loaded here, so that a process without a database, as the gateway, does without it.
  const { DataSource } = await import('typeorm');
  const { entities, migrations } = options;
  const dataSource = new DataSource({
    ...options,
    type: 'postgres',
    entities: [...entities],
    migrations: [...migrations],
    parseInt8: true,
    extra: {
      connectionTimeoutMillis: 10_000,
      Client: PoolClient,
      // Statements need not wait for the answers to those before them.
      pipeline: true,
      idle_in_transaction_session_timeout: LONGEST_IDLE_IN_TRANSACTION_MS,
    },
  });
  return dataSource.initialize();
}
