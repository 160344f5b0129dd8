import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type Type,
} from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import type { ContextName } from '#libs/contracts';
import { HealthRegistry } from '#libs/health';
import { CommitFaults } from './commit-faults.js';
import { Database } from './database.js';
import { DatabaseServer, DatabaseStartError } from './database-server.js';
import { DatabaseSettings } from './database.settings.js';
import { migrate } from './migrate.js';
import { PoolClient } from './pool-client.js';
import { poolMetricProviders, WatchedPools } from './pool-metrics.js';
import { Signals } from './signals.js';

// Amounts are bigint columns that stay far below 2^53.
pg.defaults.parseInt8 = true;

/** A process that is frozen in the middle of a transaction keeps what it has locked from all others for this long at most. */
const LONGEST_IDLE_IN_TRANSACTION_MS = 20_000;

export interface DatabaseOptions {
  readonly entities: readonly (Type | EntitySchema)[];
  /** In any order: they run by the time stamp that ends their class names. */
  readonly migrations: readonly Type<MigrationInterface>[];
}

/** Closes after every request and background task has ended, since shutdown hooks run last. */
@Injectable()
class DatabaseLifetime implements OnApplicationShutdown {
  constructor(@Inject(Database) private readonly database: Database) {}

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

/** Gives the module that imports it the Database of its context: migrated, and out of reach of all others. */
@Module({})
export class DatabaseModule {
  /** The metrics of all pools of the process. */
  static forProcess(): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: poolMetricProviders,
      exports: [WatchedPools],
    };
  }

  static forContext(context: ContextName, options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: Database,
          inject: [DatabaseServer, DatabaseSettings, HealthRegistry, WatchedPools],
          useFactory: async (
            server: DatabaseServer,
            settings: DatabaseSettings,
            health: HealthRegistry,
            pools: WatchedPools,
          ) => {
            const database = await openDatabase(context, options, server, settings);
            health.add('database', () => database.query('SELECT 1'));
            pools.add(database);
            return database;
          },
        },
        DatabaseLifetime,
        Signals,
      ],
      exports: [Database, Signals],
    };
  }
}

async function openDatabase(
  context: ContextName,
  options: DatabaseOptions,
  server: DatabaseServer,
  settings: DatabaseSettings,
): Promise<Database> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: await server.prepare(context),
    applicationName: `fissile ${context}`,
    entities: [...options.entities],
    migrations: [...options.migrations],
    poolSize: settings.DATABASE_POOL_SIZE,
    parseInt8: true,
    extra: {
      connectionTimeoutMillis: 10_000,
      Client: PoolClient,
      idle_in_transaction_session_timeout: LONGEST_IDLE_IN_TRANSACTION_MS,
    },
  });
  try {
    await dataSource.initialize();
    await migrate(dataSource);
  } catch (error) {
    throw new DatabaseStartError(`The database of ${context} cannot be used: ${(error as Error).message}`);
  }
  const faults =
    settings.FAULT_FILE === undefined ? undefined : new CommitFaults(context, settings.FAULT_FILE);
  return new Database(dataSource, context, faults);
}
