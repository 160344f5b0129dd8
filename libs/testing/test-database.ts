import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** Counts and amounts as numbers, as the product reads them. */
export const BIGINT_AS_NUMBER = new pg.TypeOverrides();
BIGINT_AS_NUMBER.setTypeParser(pg.types.builtins.INT8, Number);

export interface TestServer {
  /** postgres://…, without a database name. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A PostgreSQL server for tests: the shared one at TEST_DATABASE_URL, or an embedded one for this caller. */
export async function startTestServer(): Promise<TestServer> {
  const shared = process.env['TEST_DATABASE_URL'];
  if (shared) return { url: shared, stop: async () => undefined };
  // Loaded here, since most tests have a server already.
  const { startEmbeddedPostgres } = await import('@fissile/kit/database');
  const dataDir = mkdtempSync(join(tmpdir(), 'fissile-test-'));
  const server = await startEmbeddedPostgres({ dataDir });
  await writeWithoutWaiting(server.url);
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** No test cuts the power: what a killed process or server has written stays in the memory of the system. */
async function writeWithoutWaiting(serverUrl: string): Promise<void> {
  for (const setting of ['fsync', 'full_page_writes']) {
    await queryServer(serverUrl, `ALTER SYSTEM SET ${setting} = off`);
  }
  await queryServer(serverUrl, 'SELECT pg_reload_conf()');
}

/** Runs one statement on the server's maintenance database, or on another of its databases. */
export async function queryServer<Row extends object>(
  serverUrl: string,
  sql: string,
  parameters: unknown[] = [],
  database = 'postgres',
): Promise<Row[]> {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href, types: BIGINT_AS_NUMBER });
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** Drops all databases whose names begin with the prefix. */
export async function dropDatabases(serverUrl: string, prefix: string): Promise<void> {
  const rows = await queryServer<{ datname: string }>(
    serverUrl,
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
    [`${prefix}_`],
  );
  for (const { datname } of rows) {
    await queryServer(serverUrl, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(datname)} WITH (FORCE)`);
  }
}
