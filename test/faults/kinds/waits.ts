import { LossyProxy, queryServer, startTestServer, until } from '@fissile/kit/testing';
import type { Shop } from '../../harness/shop.js';
import { EVERYWHERE, type Fault, type Scene, type Stage } from '../fault.js';

/** Once a fault is over, everything has to work again within this time. */
const WORKS_WITHIN_MS = 30_000;
/** More than a pool has connections, so that none is left out. */
const AT_ONCE = 8;

/** The open connections to the databases fall silent, and new ones work. */
export function connectionsSilent(): Fault {
  let proxy: LossyProxy;
  return {
    name: 'database connections silent',
    topologies: EVERYWHERE,
    tries: { short: 1, long: 5 },
    prepare: async (): Promise<Stage> => {
      const { url, stop } = await startTestServer();
      proxy = await LossyProxy.before(url);
      const close = async () => {
        await proxy.close();
        await stop();
      };
      return { options: { env: { DATABASE_URL: proxy.url } }, close };
    },
    inflict: async (scene) => {
      proxy.freeze();
      await worksAgain(scene);
    },
  };
}

/** The database of orders can only be read for a while, as after a fail-over to a replica. */
export const readOnly: Fault = {
  name: 'a database read-only',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 5 },
  inflict: async (scene) => {
    const { shop, crowd } = scene;
    const database = `${shop.databasePrefix}_orders`;
    const alter = (change: string) => onServer(shop, `ALTER DATABASE ${database} ${change}`);
    await alter('SET default_transaction_read_only = on');
    await onServer(
      shop,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`,
    );
    try {
      await crowd.goesOn(20);
      const url = shop.topology === 'split' ? shop.addressOf('orders').http : shop.url;
      const ready = await fetch(`${url}/health/ready`);
      if (ready.status !== 503) throw new Error('orders is ready with a database that can only be read');
    } finally {
      await alter('RESET default_transaction_read_only');
    }
    await worksAgain(scene);
  },
};

/** The first is written by a consumer of events, the second by calls, the third by the engine of sagas. */
const TABLES = [
  ['notifications', 'notifications'],
  ['inventory', 'stock'],
  ['orders', 'sagas'],
] as const;

/** A table is locked for longer than statements may take. */
export const tableLocked: Fault = {
  name: 'a table locked',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 5 },
  prepare: async () => ({
    options: { env: { DATABASE_STATEMENT_TIMEOUT_MS: '500' } },
    close: async () => undefined,
  }),
  inflict: async ({ shop, crowd }, tryNumber) => {
    const [context, table] = TABLES[tryNumber % TABLES.length] ?? [];
    // Five quick attempts of an event are over in two seconds; each takes a statement's time besides.
    const lock = queryServer(
      shop.databaseServerUrl,
      `DO $$ BEGIN LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE; PERFORM pg_sleep(8); END $$`,
      [],
      `${shop.databasePrefix}_${context}`,
    );
    await crowd.goesOn(10);
    await lock;
  },
};

/** Waits until orders are placed without an error again. */
async function worksAgain({ crowd }: Scene): Promise<void> {
  await until(
    'orders are placed again',
    async () => {
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => crowd.place()));
      return answers.every((answer) => answer !== undefined && answer.status < 300);
    },
    WORKS_WITHIN_MS,
  );
}

function onServer(shop: Shop, sql: string): Promise<object[]> {
  return queryServer(shop.databaseServerUrl, sql);
}
