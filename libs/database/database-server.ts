import pg from 'pg';
import type { ContextName } from '#libs/contracts';
import { type DatabaseSettings, ownDatabaseUrl } from './database.settings.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';

/** A database cannot be reached or set up; the message is for people and names no secret. */
export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError';
}

/** Where the contexts' databases are: on servers that settings name, or on the embedded one. */
export class DatabaseServer {
  private constructor(
    private readonly settings: DatabaseSettings,
    private readonly embedded: EmbeddedPostgres | undefined,
  ) {}

  /** Starts the embedded server when one of the contexts needs it. */
  static async open(settings: DatabaseSettings, contexts: readonly ContextName[]): Promise<DatabaseServer> {
    const needsEmbedded = contexts.some(
      (context) => !settings.DATABASE_URL && !ownDatabaseUrl(settings, context),
    );
    const embedded = needsEmbedded ? await startEmbeddedPostgres({ dataDir: settings.DATA_DIR }) : undefined;
    return new DatabaseServer(settings, embedded);
  }

  get isEmbedded(): boolean {
    return this.embedded !== undefined;
  }

  /** The address of a context's database, which is created when it is missing on a shared server. */
  async prepare(context: ContextName): Promise<string> {
    const own = ownDatabaseUrl(this.settings, context);
    if (own) return own;
    const server = new URL(this.settings.DATABASE_URL ?? this.embedded?.url ?? '');
    const name = `${this.settings.DATABASE_NAME_PREFIX}_${context}`;
    const url = new URL(server);
    url.pathname = `/${name}`;
    await createDatabase(server, name).catch((error: unknown) => {
      throw new DatabaseStartError(
        `The database ${name} on ${server.host} cannot be opened: ${(error as Error).message}`,
      );
    });
    return url.href;
  }

  async close(): Promise<void> {
    await this.embedded?.stop();
  }
}

async function createDatabase(server: URL, name: string): Promise<void> {
  const maintenance = new URL(server);
  if (maintenance.pathname.length <= 1) maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href, connectionTimeoutMillis: 10_000 });
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
