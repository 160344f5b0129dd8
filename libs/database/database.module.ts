import {
  type DynamicModule,
  Inject,
  Injectable,
  type InjectionToken,
  Module,
  type OnApplicationShutdown,
  type Type,
} from '@nestjs/common';
import type { DataSource, MigrationInterface } from 'typeorm';
import { LiveSettings, messageWithTls } from '@fissile/kit/config';
import type { ContextName } from '@fissile/kit/contract';
import { HealthRegistry } from '@fissile/kit/health';
import { CommitFaults } from './connection/commit-faults.js';
import { openDataSource } from './connection/data-source.js';
import { Database } from './connection/database.js';
import { DatabaseServer, DatabaseStartError } from './connection/database-server.js';
import { DatabaseSettings } from './database.settings.js';
import { type DatabaseOptions, declareDatabase } from './migration/declared-databases.js';
import { expectMigrated } from './migration/migrate.js';
import { migrateAt } from './migration/migrate-context.js';
import { migrateOnDataSource } from './migration/migrate-on-data-source.js';
import { poolMetricProviders, WatchedPools } from './connection/pool-metrics.js';
import { PgNotifications } from './pg-notifications.js';

/** How a context uses a DataSource that is not its own. */
export interface DataSourceUse {
  /** The injection token of the DataSource, such as the class `DataSource` or what `getDataSourceToken()` returns. */
  readonly dataSource: InjectionToken<DataSource>;
  /** The migrations of the kit's tables; they are recorded in a table of their own. */
  readonly migrations: readonly Type<MigrationInterface>[];
}

/** Closes after all requests and background tasks have ended, because shutdown hooks run last. */
@Injectable()
class DatabaseLifetime implements OnApplicationShutdown {
  constructor(@Inject(Database) private readonly database: Database) {}

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

/**
 * Provides the importing module with the Database of its context, with all of its migrations and isolated from all
 * others.
 */
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
    declareDatabase(context, options);
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: Database,
          inject: [DatabaseServer, DatabaseSettings, LiveSettings, HealthRegistry, WatchedPools],
          useFactory: async (
            server: DatabaseServer,
            settings: DatabaseSettings,
            live: LiveSettings,
            health: HealthRegistry,
            pools: WatchedPools,
          ) => {
            const database = await openDatabase(context, options, { server, settings, live });
            health.addFor(context, 'database', () => database.expectWritable());
            pools.add(database);
            return database;
          },
        },
        DatabaseLifetime,
        PgNotifications,
      ],
      exports: [Database, PgNotifications],
    };
  }

  /**
   * For a context whose tables are in the database of an application that has a DataSource of its own: the DataSource
   * is used, and neither configured nor closed.
   */
  static forDataSource(context: ContextName, { dataSource, migrations }: DataSourceUse): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: Database,
          inject: [dataSource, DatabaseSettings, HealthRegistry, WatchedPools],
          useFactory: async (
            source: DataSource,
            settings: DatabaseSettings,
            health: HealthRegistry,
            pools: WatchedPools,
          ) => {
            await migrateOnDataSource(source, context, migrations, settings);
            const database = new Database(source, context);
            health.addFor(context, 'database', () => database.expectWritable());
            pools.add(database);
            return database;
          },
        },
        PgNotifications,
      ],
      exports: [Database, PgNotifications],
    };
  }
}

interface DatabaseParts {
  readonly server: DatabaseServer;
  readonly settings: DatabaseSettings;
  readonly live: LiveSettings;
}

async function openDatabase(
  context: ContextName,
  options: DatabaseOptions,
  { server, settings, live }: DatabaseParts,
): Promise<Database> {
  const faults =
    settings.FAULT_FILE === undefined ? undefined : new CommitFaults(context, settings.FAULT_FILE);
  const url = await server.prepare(context);
  const applicationName = `fissile ${context}`;
  try {
    if (settings.MIGRATE_AT_START) await migrateAt(url, context, options.migrations);
    const poolSize = settings.DATABASE_POOL_SIZE;
    const limits = {
      statementMs: settings.DATABASE_STATEMENT_TIMEOUT_MS,
      lockMs: settings.DATABASE_LOCK_TIMEOUT_MS,
    };
    const renewal = { currentUrl: () => server.urlOf(context), onRefusedLogin: () => live.renewFiles() };
    const dataSource = await openDataSource({ ...options, url, renewal, applicationName, poolSize, limits });
    if (!settings.MIGRATE_AT_START) await expectMigrated(dataSource);
    return new Database(dataSource, context, faults);
  } catch (error) {
    throw new DatabaseStartError(
      `The database of ${context} cannot be used: ${messageWithTls('DATABASE', error)}`,
    );
  }
}
