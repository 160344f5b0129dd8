import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@fissile/kit/database';
import { CONTEXTS } from '#contracts';
import { queryServer } from '@fissile/kit/testing';
import type { Shop } from '../../harness/shop.js';
import { EVERYWHERE, type Fault } from '../fault.js';

/** Restarts the PostgreSQL server of all contexts. */
export function postgresRestart(): Fault {
  let dataDir = '';
  let server: EmbeddedPostgres;
  return {
    name: 'PostgreSQL restarts',
    topologies: EVERYWHERE,
    tries: { short: 1, long: 10 },
    prepare: async () => {
      dataDir = mkdtempSync(join(tmpdir(), 'fissile-faults-'));
      server = await startEmbeddedPostgres({ dataDir });
      // The shop ends before the server does.
      const close = async () => {
        await server.stop();
        rmSync(dataDir, { recursive: true, force: true });
      };
      return { options: { server: { url: server.url, stop: async () => undefined } }, close };
    },
    inflict: async ({ recovery }) => {
      await server.stop();
      server = await startEmbeddedPostgres({ dataDir });
      recovery.begin();
    },
  };
}

/** Cuts all connections to the databases, several times. */
export const connectionsCut: Fault = {
  name: 'database connections cut',
  heldBy: 'test/scenarios/crashes.spec.ts',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 10 },
  inflict: async ({ shop, crowd, recovery }) => {
    for (let round = 0; round < 3; round += 1) {
      if (round > 0) await crowd.goesOn(5);
      await queryServer(
        shop.databaseServerUrl,
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(datname, $1)',
        [shop.databasePrefix],
      );
    }
    recovery.begin();
  },
};

/** The tables whose rows no commit can write while the disk is full. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  orders: ['orders', 'sagas', 'outbox'],
  inventory: ['reservations', 'stock', 'outbox'],
  payments: ['payments', 'refunds', 'sandbox_charges', 'outbox'],
  notifications: ['notifications', 'inbox'],
};

/** Makes the commits of one context fail as PostgreSQL does when its disk is full. */
export const diskFull: Fault = {
  name: 'commits fail, as on a full disk',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 12 },
  inflict: async ({ shop, crowd, random, recovery }) => {
    const context = random.pick(Object.keys(TABLES));
    await fillDisk(shop, context);
    try {
      await crowd.goesOn(random.between(5, 30));
    } finally {
      await emptyDisk(shop, context);
    }
    recovery.begin();
  },
};

/** One table after the other: a transaction that waits for several of them can deadlock with the shop's own. */
async function fillDisk(shop: Shop, context: string): Promise<void> {
  await inContext(
    shop,
    context,
    `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$`,
  );
  for (const table of TABLES[context] ?? []) {
    await inContext(
      shop,
      context,
      `CREATE CONSTRAINT TRIGGER disk_full AFTER INSERT OR UPDATE ON ${table}
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION disk_full()`,
    );
  }
}

async function emptyDisk(shop: Shop, context: string): Promise<void> {
  for (const table of TABLES[context] ?? []) {
    await inContext(shop, context, `DROP TRIGGER disk_full ON ${table}`);
  }
  await inContext(shop, context, 'DROP FUNCTION disk_full');
}

function inContext(shop: Shop, context: string, sql: string): Promise<object[]> {
  if (!CONTEXTS.includes(context as (typeof CONTEXTS)[number])) throw new Error(`${context} is no context`);
  return queryServer(shop.databaseServerUrl, sql, undefined, `${shop.databasePrefix}_${context}`);
}
