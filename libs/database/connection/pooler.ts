import pg from 'pg';
import type { DataSource } from 'typeorm';
import { MARKER } from './session-settings.js';

const CONNECT_WITHIN_MS = 10_000;
/** In transaction mode two clients that take turns get the same session sooner or later. */
const ROUNDS = 5;

/** True for the error of a pooler, such as PgBouncer, that passes on no start options. */
export function refusesStartOptions(error: unknown): boolean {
  return error instanceof Error && /unsupported startup parameter/.test(error.message);
}

/** False when a pooler has dropped the start options without a word. */
export async function hasStartOptions(dataSource: DataSource): Promise<boolean> {
  const [row] = await dataSource.query<{ marker: string | null }[]>(
    'SELECT current_setting($1, true) AS marker',
    [MARKER],
  );
  return row?.marker === 'on';
}

/** @throws Error when the pooler gives each transaction another session */
export async function expectSessionOfItsOwn(url: string): Promise<void> {
  const clients = [0, 1].map(
    () => new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_WITHIN_MS }),
  );
  // The statement that is under way fails as well, which says so; Node ends the process for an error event without a listener.
  for (const client of clients) client.on('error', () => undefined);
  try {
    for (const client of clients) await client.connect();
    const seen: number[][] = clients.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [index, client] of clients.entries()) {
        const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        seen[index]?.push(rows[0]?.pid ?? 0);
      }
    }
    const keepsOne = seen.every((pids) => new Set(pids).size === 1);
    if (keepsOne && new Set(seen.flat()).size === clients.length) return;
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
  throw new Error(
    'it is behind a pooler in transaction mode, where prepared statements, LISTEN and locks do not last. ' +
      "Set the pooler to session mode, or use the server's own address",
  );
}
