import assert from 'node:assert/strict';
import pg from 'pg';
import { BIGINT_AS_NUMBER } from '@fissile/kit/database';
import { after, before, describe, it } from 'node:test';
import { CONTEXTS } from '#contracts';
import { Api } from '../harness/api.js';
import { fillShop } from '../harness/fill-shop.js';
import { type SentStatement, StatementLog, until } from '@fissile/kit/testing';
import { Shop } from '../harness/shop.js';
import { RECORDED_REQUESTS } from '../topologies/parity-requests.js';
import { sendRecorded } from '../topologies/send-recorded.js';
import { explain, faultsOf, indexesOf } from './plan.js';

/** Enough that PostgreSQL plans as for a million, which PLANS_ORDERS=1000000 verifies. */
const ORDERS = Number(process.env['PLANS_ORDERS'] ?? 20_000);
const PRODUCTS = 10_000;
const CUSTOMERS = 10_000;
/** A table with more rows than this must be read by an index. */
const LARGE = 5_000;
/** As old as the oldest that a clean-up deletes, and older. */
const DAYS = 100;

const LISTS = [
  '/api/orders',
  '/api/orders?status=pending',
  '/api/orders?status=cancelled',
  '/api/orders?status=confirmed',
  '/api/orders?status=shipped',
  '/api/orders?currency=USD&minAmountMinor=1&maxAmountMinor=9999999',
  '/api/orders?currency=USD&minAmountMinor=77777777',
  '/api/orders?currency=EUR&status=confirmed',
  '/api/orders?id=0190a0a0-0000-7000-8000-000000000000',
  '/api/orders?from=2020-01-01T00:00:00Z&sort=oldest',
  '/api/payments',
  '/api/payments?status=captured',
  '/api/payments?status=refunded',
  '/api/payments?status=declined',
  '/api/payments?currency=USD&minAmountMinor=1&maxAmountMinor=9999999',
  '/api/payments?currency=USD&minAmountMinor=77777777',
  '/api/payments?currency=EUR',
  '/api/payments?id=0190a0a0-0000-7000-8000-000000000000',
  '/api/payments?from=2020-01-01T00:00:00Z&sort=oldest',
  '/api/products',
  '/api/products?category=category%207',
  '/api/products?status=discontinued',
  '/api/inventory',
  '/api/users',
  '/api/users?text=nothing',
  '/api/users?text=customer-77',
  '/api/users?role=admin',
  '/api/users?role=customer',
  '/api/users?role=admin&sort=oldest',
  '/api/users?status=active',
  '/api/users?status=disabled',
  '/api/users?from=2020-01-01T00:00:00Z&sort=oldest',
  '/api/notifications',
  '/api/notifications/mails',
  '/api/notifications/mails?status=sent',
  '/api/notifications/mails?status=pending',
  '/api/notifications/mails?status=refused',
  '/api/notifications/mails?recipient=nobody@customers.example',
  '/api/notifications/mails?orderId=0190a0a0-0000-7000-8000-000000000000',
  '/api/notifications/mails?from=2020-01-01T00:00:00Z&sort=oldest',
  '/api/admin/dead-letters',
  '/api/admin/sagas?context=orders',
  '/api/admin/sagas?status=running',
  '/api/admin/sagas?status=compensated',
  '/api/admin/audit',
  '/api/admin/audit?action=stock.counted',
  '/api/admin/audit?by=admin%40shop.example',
  '/api/admin/audit?subject=nothing',
  '/api/admin/audit?sort=oldest&from=2020-01-01T00:00:00Z',
  '/api/admin/dead-letters?type=nothing&sort=oldest',
  '/api/admin/dead-letters?text=nothing',
  '/api/admin/dead-letters?id=0190a0a0-0000-7000-8000-000000000000',
  '/api/admin/sagas?name=place-order',
  '/api/admin/sagas?name=nothing',
  '/api/admin/sagas?name=place-order&status=running',
  '/api/admin/sagas?id=nothing',
  '/api/admin/sagas?id=0190a0a0-0000-7000-8000-000000000000',
  '/api/admin/sagas?from=2020-01-01T00:00:00Z&sort=oldest',
  '/api/products?q=filled%20abcdef',
];

/** Page sizes that no other request uses. */
const PAGES = [30, 100] as const;

const withLimit = (path: string, limit: number): string =>
  `${path}${path.includes('?') ? '&' : '?'}limit=${limit}`;

describe('The statements of the shop, with many orders in its tables', () => {
  const log = new StatementLog();
  let shop: Shop;
  let sent: SentStatement[];

  before(async () => {
    shop = await Shop.start({
      // Of the bundle, a module that is preloaded cannot reach the driver.
      main: 'dist/apps/monolith/src/main.js',
      env: { ...log.env, TOPOLOGY: 'monolith', CORS_ORIGINS: 'https://shop.example', SAGA_LEASE_MS: '500' },
    });
    await placeTogether(shop);
    await fillShop(shop, { orders: ORDERS, customers: CUSTOMERS, products: PRODUCTS, days: DAYS });
    const saved = new Map<string, string>();
    for (const request of RECORDED_REQUESTS) await sendRecorded(shop.url, request, saved);
    await readLists(shop);
    assert.equal((await fetch(`${shop.url}/metrics`)).status, 200);
    await shop.stop();
    sent = log.read();
  });

  after(async () => {
    await shop.close();
    log.remove();
  });

  for (const context of CONTEXTS) {
    it(`of ${context} find their rows by an index`, async () => {
      const client = await connect(shop, context);
      try {
        const large = await largeTables(client);
        const faults: string[] = [];
        for (const statement of distinct(sent, `${shop.databasePrefix}_${context}`)) {
          const plans = await explain(client, statement);
          for (const fault of plans.flatMap((plan) => faultsOf(plan, large))) {
            faults.push(`${fault}: ${statement.text}`);
          }
        }
        assert.deepEqual([...new Set(faults)], []);
      } finally {
        await client.end();
      }
    });
  }

  it('that look for work touch the index of what is not done alone', async () => {
    const client = await connect(shop, 'orders');
    try {
      const looks = {
        outbox: /FROM outbox\s+WHERE published_at IS NULL AND position/,
        sagas: /FROM sagas\s+WHERE.*lease_until <.*SKIP/s,
      };
      const indexesIn = async (text: RegExp): Promise<string[]> => {
        const statement = sent.find((each) => text.test(each.text));
        assert.ok(statement, `nothing was sent like ${text}`);
        return [...new Set((await explain(client, statement)).flatMap(indexesOf))];
      };
      const ofOutbox = (await indexesIn(looks.outbox)).filter((index) => !index.startsWith('outbox_leases'));
      assert.deepEqual(ofOutbox, ['outbox_unpublished']);
      assert.equal((await indexesIn(looks.sagas)).includes('sagas_unfinished'), true);
    } finally {
      await client.end();
    }
  });

  it('are as many for a long page of a list as for a short one', () => {
    const count = (path: string, limit: number): number =>
      sent.filter(({ request }) => request === `GET ${withLimit(path, limit)}`).length;
    for (const path of LISTS) {
      assert.ok(count(path, PAGES[0]) > 0, `${path} sent no statement`);
      assert.equal(count(path, PAGES[1]), count(path, PAGES[0]), path);
    }
  });
});

/** Orders that share transactions, and all the work that follows. */
async function placeTogether(shop: Shop): Promise<void> {
  const api = new Api(shop);
  const product = await api.product(await api.admin(), { stock: 100 });
  const { token } = await api.customer();
  const order = (index: number) =>
    api.placeOrder(token, [{ productId: product, quantity: 1 }], { key: `together-${index}` });
  const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => order(index)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
  await until('all are notified', async () => {
    const { body } = await api.get('/api/notifications?limit=50', token);
    return body.items.filter((item: { status: string }) => item.status === 'sent').length === 17;
  });
}

async function readLists(shop: Shop): Promise<void> {
  const api = new Api(shop);
  const admin = await api.admin();
  for (const path of LISTS) {
    for (const limit of PAGES) {
      const { status, body } = await api.get(withLimit(path, limit), admin);
      assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
      if (body.nextCursor === null) continue;
      const next = `${withLimit(path, limit)}&cursor=${encodeURIComponent(body.nextCursor)}`;
      assert.equal((await api.get(next, admin)).status, 200, next);
    }
  }
}

async function connect({ databaseServerUrl, databasePrefix }: Shop, context: string): Promise<pg.Client> {
  const url = new URL(databaseServerUrl);
  url.pathname = `/${databasePrefix}_${context}`;
  const client = new pg.Client({ connectionString: url.href, types: BIGINT_AS_NUMBER });
  await client.connect();
  return client;
}

async function largeTables(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > $1`,
    [LARGE],
  );
  return new Set(rows.map(({ relname }) => relname));
}

/** Each text once for each request that sent it, with the last values; and once for background work. */
function distinct(sent: readonly SentStatement[], database: string): SentStatement[] {
  const own = sent.filter(
    (statement) =>
      statement.database === database && /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(statement.text),
  );
  return [...new Map(own.map((statement) => [`${statement.request} ${statement.text}`, statement])).values()];
}
