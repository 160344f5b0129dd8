import pg from 'pg';
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
    if (own) return own;
    const url = new URL(this.sharedUrl);
    url.pathname = `/${this.sharedNameOf(context)}`;
    return url.href;
  }

  /** Returns the URL of a context's database, and creates the database when it is missing on a shared server. */
  async prepare(context: ContextName): Promise<string> {
    if (this.urls.has(context)) return this.urlOf(context);
    const server = new URL(this.sharedUrl);
    const name = this.sharedNameOf(context);
    await createDatabase(server, name).catch((error: unknown) => {
      throw new DatabaseStartError(
        `The database ${name} on ${server.host} cannot be opened: ${(error as Error).message}`,
      );
    });
    return this.urlOf(context);
  }

  private get sharedUrl(): string {
    return this.settings.DATABASE_URL ?? this.embedded?.url ?? '';
  }

  private sharedNameOf(context: ContextName): string {
    return `${this.settings.DATABASE_NAME_PREFIX}_${context}`;
  }

  async close(): Promise<void> {
    await this.embedded?.stop();
  }
}

async function createDatabase(server: URL, name: string): Promise<void> {
  const maintenance = new URL(server);
  if (maintenance.pathname.length <= 1) maintenance.pathname = '/postgres';
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

/** Another process may have created it in the meantime. */
function ignoreDuplicate(error: unknown): void {
  const code = (error as { code?: string }).code;
  if (code !== '42P04' && code !== '23505') throw error;
}
