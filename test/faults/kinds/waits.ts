import { setTimeout as pause } from 'node:timers/promises';
import { databaseBehindProxy, type LossyProxy, queryServer, until } from '@fissile/kit/testing';
import { lockTable } from '../../harness/lock-table.js';
import type { Shop } from '../../harness/shop.js';
import { EVERYWHERE, type Fault, type Stage } from '../fault.js';

/** The open connections to the databases fall silent, and new ones work. */
export function connectionsSilent(): Fault {
  let proxy: LossyProxy;
  return {
    name: 'database connections silent',
    topologies: EVERYWHERE,
    tries: { short: 1, long: 5 },
    prepare: async (): Promise<Stage> => {
      const database = await databaseBehindProxy();
      proxy = database.proxy;
      return { options: { env: { DATABASE_URL: proxy.url } }, close: () => database.close() };
    },
    inflict: ({ recovery }) => {
      proxy.freeze();
      return recovery.worksAgain();
    },
  };
}

/** The database of orders can only be read for a while, as after a fail-over to a replica. */
export const readOnly: Fault = {
  name: 'a database read-only',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 5 },
  inflict: async ({ shop, crowd, recovery }) => {
    const database = `${shop.databasePrefix}_orders`;
    const alter = (change: string) => onServer(shop, `ALTER DATABASE ${database} ${change}`);
    await alter('SET default_transaction_read_only = on');
    await onServer(
      shop,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`,
    );
    try {
      await crowd.goesOn(20);
      if ((await readinessOf(shop, 'orders')) !== 503)
        throw new Error('orders is ready with a database that can only be read');
    } finally {
      await alter('RESET default_transaction_read_only');
    }
    recovery.begin();
  },
};

/** The first is written by a consumer of events, the second by calls, the third by the engine of sagas. */
const TABLES = [
  ['notifications', 'notifications'],
  ['inventory', 'stock'],
  ['orders', 'sagas'],
] as const;

/** Five quick attempts of an event are over in two seconds; each takes a statement's time besides. */
const LONGER_THAN_ATTEMPTS_MS = 8_000;

/** A table is locked for longer than statements may take. */
export const tableLocked: Fault = {
  name: 'a table locked',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 5 },
  prepare: async () => ({
    options: { env: { DATABASE_STATEMENT_TIMEOUT_MS: '500' } },
    close: async () => undefined,
  }),
  inflict: async ({ shop, crowd, recovery }, tryNumber) => {
    const [context, table] = TABLES[tryNumber % TABLES.length] ?? TABLES[0];
    const unlock = await lockTable(shop, context, table);
    try {
      await Promise.all([crowd.goesOn(10), pause(LONGER_THAN_ATTEMPTS_MS)]);
    } finally {
      await unlock();
    }
    recovery.begin();
  },
};

/** A table is locked for longer than requests may take, and more of them wait for it than a pool has connections. */
export const poolBlocked: Fault = {
  name: 'a pool blocked by a lock',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 5 },
  prepare: async () => ({
    options: { env: { DATABASE_POOL_SIZE: '3', REQUEST_DEADLINE_MS: '5000' } },
    close: async () => undefined,
  }),
  inflict: async ({ shop, recovery }, tryNumber) => {
    const unlock = await lockTable(shop, 'products', 'products');
    try {
      await searchBehindLock(shop, tryNumber);
    } finally {
      await unlock();
    }
    recovery.begin();
  },
};

async function searchBehindLock(shop: Shop, tryNumber: number): Promise<void> {
  // Each searches for something else, so that none gets the answer to another one.
  const searches = [1, 2, 3, 4].map((each) => fetch(`${shop.url}/api/products?q=${tryNumber}x${each}`));
  const waiting = await until('all connections wait for the lock', async () => {
    const found = await statementsAtLocks(shop, 'products');
    return found.length >= 3 ? found : undefined;
  });
  const ready = await readinessOf(shop, 'products');
  const statuses = await Promise.all(searches.map(async (answer) => (await answer).status));
  if (ready !== 200) throw new Error(`a process with a busy pool answers ${ready} about its readiness`);
  if (statuses.some((status) => status !== 504)) throw new Error(`behind a lock: ${statuses.join()}`);
  await until('they are cancelled at the server', async () => {
    const now = await statementsAtLocks(shop, 'products');
    return !waiting.some((statement) => now.includes(statement));
  });
}

/** The statements of a context that wait for a lock, each with a name of its own. */
async function statementsAtLocks(shop: Shop, context: string): Promise<string[]> {
  const rows = await queryServer<{ name: string }>(
    shop.databaseServerUrl,
    `SELECT pid || ' since ' || query_start AS name FROM pg_stat_activity
     WHERE datname = $1 AND wait_event_type = 'Lock'`,
    [`${shop.databasePrefix}_${context}`],
  );
  return rows.map(({ name }) => name);
}

async function readinessOf(shop: Shop, context: string): Promise<number> {
  const url = shop.topology === 'split' ? shop.addressOf(context).http : shop.url;
  return (await fetch(`${url}/health/ready`)).status;
}

function onServer(shop: Shop, sql: string): Promise<object[]> {
  return queryServer(shop.databaseServerUrl, sql);
}
