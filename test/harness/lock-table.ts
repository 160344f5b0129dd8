import pg from 'pg';
import type { Shop } from './shop.js';

/** Locks one table of a context, as a long transaction would. @returns what releases it, once or more often */
export async function lockTable(shop: Shop, context: string, table: string): Promise<() => Promise<void>> {
  const url = new URL(shop.databaseServerUrl);
  url.pathname = `/${shop.databasePrefix}_${context}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table}`);
  let letGo: Promise<void> | undefined;
  return () => (letGo ??= client.end());
}
