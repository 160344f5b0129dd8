import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { randomBytes, randomUUID } from 'node:crypto';
import { dropDatabases, Program, queryServer } from '@fissile/kit/testing';
import type { Shop } from '../test/harness/shop.js';
import type { Competitor } from './competitor.js';
import { ONE_DATABASE } from './servers/one-database.js';

/** The setup of competitors: their own databases with the same tables, products and stock as Fissile's. */
export interface Ground {
  readonly serverUrl: string;
  readonly prefix: string;
  remove(): Promise<void>;
}

const COPIED = ['orders', 'products', 'inventory', 'payments'];

/** Copies the databases of a shop that is not running. */
export async function setUp({ databaseServerUrl: serverUrl, databasePrefix }: Shop): Promise<Ground> {
  const prefix = `b${randomBytes(5).toString('hex')}`;
  for (const name of COPIED) {
    await queryServer(serverUrl, `CREATE DATABASE ${prefix}_${name} TEMPLATE ${databasePrefix}_${name}`);
  }
  return { serverUrl, prefix, remove: () => dropDatabases(serverUrl, prefix) };
}

/** Adds one database with the tables of all contexts to the setup. */
export async function addOneDatabase({ serverUrl, prefix }: Ground): Promise<void> {
  await queryServer(serverUrl, `CREATE DATABASE ${prefix}_all TEMPLATE ${prefix}_orders`);
  await queryServer(serverUrl, ONE_DATABASE, undefined, `${prefix}_all`);
  const products = await queryServer<object>(serverUrl, 'SELECT * FROM products', [], `${prefix}_products`);
  const stock = await queryServer<object>(serverUrl, 'SELECT * FROM stock', [], `${prefix}_inventory`);
  const insert = (table: string, rows: object[]) =>
    queryServer(
      serverUrl,
      `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1)`,
      [JSON.stringify(rows)],
      `${prefix}_all`,
    );
  await insert('products', products);
  await insert('stock', stock);
}

/** Starts one of bench/servers. */
export async function startCompetitor(name: string, program: string, ground: Ground): Promise<Competitor> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const server = new Program(`dist/bench/servers/${program}.js`, {
    NODE_ENV: 'production',
    BENCH_SERVER_URL: ground.serverUrl,
    BENCH_DATABASE_PREFIX: ground.prefix,
    BENCH_PUBLIC_KEY: JSON.stringify(await exportJWK(publicKey)),
  });
  const url = await server.listens();
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(randomUUID())
    .setExpirationTime('6h')
    .sign(privateKey);
  return {
    name,
    url,
    pids: () => (server.pid === undefined ? [] : [server.pid]),
    tokens: async () => [token],
    isSettled: async () => true,
    output: () => server.output,
    stop: async () => void (await server.stop('SIGKILL')),
  };
}
