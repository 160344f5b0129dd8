import pg from 'pg';
import { messageWithTls, tlsFilesOf } from '@fissile/kit/config';
import type { ContextName } from '@fissile/kit/contract';
import type { DatabaseSettings, DatabaseUrls } from '../database.settings.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres.js';

/** A database cannot be reached or set up; the message is written for people and contains no secret. */
export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError';
}

/** Knows the location of the contexts' databases: on servers from the settings, or on the embedded server. */
export class DatabaseServer {
  private constructor(
    private readonly settings: DatabaseSettings,
    private readonly urls: DatabaseUrls,
    private readonly embedded: EmbeddedPostgres | undefined,
  ) {}

  /**
   * Starts the embedded server when at least one of the contexts needs it.
   * @param urls the databases that settings name for single contexts
   */
  static async open(
    settings: DatabaseSettings,
    urls: DatabaseUrls,
    contexts: readonly ContextName[],
  ): Promise<DatabaseServer> {
    const needsEmbedded = contexts.some((context) => !settings.DATABASE_URL && !urls.has(context));
    const embedded = needsEmbedded ? await startEmbeddedPostgres({ dataDir: settings.DATA_DIR }) : undefined;
    return new DatabaseServer(settings, urls, embedded);
  }

  get isEmbedded(): boolean {
    return this.embedded !== undefined;
  }

  /** The URL of a context's database, whether that exists or not. */
  urlOf(context: ContextName): string {
    const own = this.urls.get(context);
    if (own) return withTls(own, this.settings);
    const url = new URL(this.sharedUrl);
    url.pathname = `/${this.sharedNameOf(context)}`;
    return this.settings.DATABASE_URL === undefined ? url.href : withTls(url.href, this.settings);
  }

  /** Returns the URL of a context's database, and creates the database when it is missing on a shared server. */
  async prepare(context: ContextName): Promise<string> {
    if (this.urls.has(context)) return this.urlOf(context);
    const server = new URL(this.urlOf(context));
    const name = this.sharedNameOf(context);
    await createDatabase(server, name, this.maintenanceName).catch((error: unknown) => {
      throw new DatabaseStartError(
        `The database ${name} on ${server.host} cannot be opened: ${messageWithTls('DATABASE', error)}`,
      );
    });
    return this.urlOf(context);
  }

  private get sharedUrl(): string {
    return this.settings.DATABASE_URL ?? this.embedded?.url ?? '';
  }

  private get maintenanceName(): string {
    const { pathname } = new URL(this.sharedUrl);
    return pathname.length <= 1 ? '/postgres' : pathname;
  }

  private sharedNameOf(context: ContextName): string {
    return `${this.settings.DATABASE_NAME_PREFIX}_${context}`;
  }

  async close(): Promise<void> {
    await this.embedded?.stop();
  }
}

async function createDatabase(server: URL, name: string, maintenanceName: string): Promise<void> {
  const maintenance = new URL(server);
  maintenance.pathname = maintenanceName;
  const client = new pg.Client({ connectionString: maintenance.href, connectionTimeoutMillis: 10_000 });
  // A server that ends while it answers, as on a full disk, fails the query as well, which says so.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0)
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`).catch(ignoreDuplicate);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * The URL with the files that secure the connection, as libpq and pg have them: pg reads them for each connection. A name that
 * the certificate does not list is refused, unless the URL has an sslmode of its own.
 */
function withTls(url: string, settings: DatabaseSettings): string {
  const { areGiven, paths } = tlsFilesOf('DATABASE', settings);
  if (!areGiven) return url;
  const secured = new URL(url);
  const parameters = {
    sslmode: 'verify-full',
    sslrootcert: paths.ca,
    sslcert: paths.cert,
    sslkey: paths.key,
  };
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined && !secured.searchParams.has(name)) secured.searchParams.set(name, value);
  return secured.href;
}

/** Another process may have created it in the meantime. */
function ignoreDuplicate(error: unknown): void {
  const code = (error as { code?: string }).code;
  if (code !== '42P04' && code !== '23505') throw error;
}
