import type { DataSource, EntitySchema, MigrationInterface } from 'typeorm';
import type { Type } from '@nestjs/common';
import pg, { type ClientBase } from 'pg';
import { MIGRATIONS_TABLE } from '../migration/migrations-table.js';
import { BIGINT_AS_NUMBER } from './number-types.js';
import { PoolClient, type PoolClientOptions } from './pool-client.js';
import { expectSessionOfItsOwn, hasStartOptions, refusesStartOptions } from './pooler.js';
import { retryRefusedLogins } from './refused-login.js';
import { answerTimeoutOf, type SessionLimits, setStatement, withStartOptions } from './session-settings.js';
import { dropIdle, poolOf } from './typeorm-adapter.js';

export interface DataSourceOptions {
  readonly url: string;
  /** Where the password may change: the URL as it is now, and how to look for a new one. */
  readonly renewal?: UrlRenewal;
  /** The application name of the connection, as the server lists it. */
  readonly applicationName: string;
  readonly entities: readonly (Type | EntitySchema)[];
  readonly migrations: readonly Type<MigrationInterface>[];
  readonly poolSize: number;
  /** Without them, as for migrations, a statement may take as long as it needs. */
  readonly limits?: SessionLimits;
}

export interface UrlRenewal {
  readonly currentUrl: () => string;
  /** Called when the server has refused the login, before the next attempt. */
  readonly onRefusedLogin: () => void;
}

/**
 * Connects to the database of one context, directly or through a pooler in session mode.
 * @throws Error when the pooler is in another mode
 */
export async function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  const { url, limits } = options;
  try {
    const dataSource = await connect(withStartOptionsIn(options));
    if (await hasStartOptions(dataSource)) return dataSource;
    await dataSource.destroy();
  } catch (error) {
    if (!refusesStartOptions(error)) throw error;
  }
  await expectSessionOfItsOwn(url);
  return connect(options, (client) => client.query(setStatement(limits)));
}

function withStartOptionsIn(options: DataSourceOptions): DataSourceOptions {
  const { url, limits, renewal } = options;
  const currentUrl = renewal && ((): string => withStartOptions(renewal.currentUrl(), limits));
  return {
    ...options,
    url: withStartOptions(url, limits),
    ...(renewal && currentUrl && { renewal: { ...renewal, currentUrl } }),
  };
}

async function connect(
  options: DataSourceOptions,
  onConnect?: (client: ClientBase) => Promise<unknown>,
): Promise<DataSource> {
  // Loaded here, so that a process without a database, such as the gateway, does not load it.
  const { DataSource } = await import('typeorm');
  const { url, applicationName, poolSize, entities, migrations, limits, renewal } = options;
  const ofClients: PoolClientOptions = {
    answerTimeoutMillis: answerTimeoutOf(limits),
    onDistrust: () => dropIdle(poolOf(dataSource)),
    currentUrl: renewal?.currentUrl,
  };
  const dataSource: DataSource = new DataSource({
    url,
    applicationName,
    poolSize,
    type: 'postgres',
    // Otherwise a bundle has it twice: TypeORM would look for it in node_modules.
    driver: pg,
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: MIGRATIONS_TABLE,
    extra: {
      types: BIGINT_AS_NUMBER,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      Client: PoolClient,
      // Pipeline statements: do not wait for the answers to earlier ones.
      pipeline: true,
      ...ofClients,
      ...(onConnect && { onConnect }),
    },
  });
  await dataSource.initialize();
  if (renewal) retryRefusedLogins(poolOf(dataSource), renewal.onRefusedLogin);
  return dataSource;
}
