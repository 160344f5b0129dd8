import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CONTEXTS } from '#contracts';
import { Api } from '../harness/api.js';
import { queryServer, type SentStatement, StatementLog, until } from '@fissile/kit/testing';
import { Shop } from '../harness/shop.js';

const TOGETHER = 32;
const PLACE = 'POST /api/orders';

/** The statements of one order while its customer waits, in this order within each context. */
const OF_ONE_ORDER = {
  products: ['SELECT products'],
  orders: [
    'BEGIN',
    'INSERT idempotency_keys',
    'INSERT orders',
    'INSERT order_lines',
    'INSERT sagas',
    'COMMIT',
    'BEGIN',
    'UPDATE orders',
    'INSERT outbox',
    'UPDATE sagas',
    'COMMIT',
  ],
  inventory: ['BEGIN', 'INSERT reservations', 'INSERT outbox', 'UPDATE stock', 'COMMIT'],
  payments: [
    'SELECT payments',
    'INSERT sandbox_charges',
    'BEGIN',
    'INSERT payments',
    'INSERT outbox',
    'COMMIT',
  ],
};
/** Its later statements, when no other order shares them. */
const AFTERWARDS = {
  inventory: ['UPDATE outbox'],
  payments: ['UPDATE outbox'],
  orders: ['UPDATE outbox'],
  users: ['SELECT users'],
  notifications: ['INSERT inbox', 'INSERT notifications', 'UPDATE notifications'],
};
/** The size of all values that one order sends to databases: mostly its lines, its saga and its events. */
const BYTES_OF_ONE_ORDER = 8_000;
/** Commits per order of batched orders: a single order takes four. */
const COMMITS_TOGETHER = 1;

describe('What an order costs', () => {
  const log = new StatementLog();
  let shop: Shop;
  let api: Api;
  let token: string;
  let items: { productId: string; quantity: number }[];

  before(async () => {
    shop = await Shop.start({
      // Of the bundle, a module that is preloaded cannot reach the driver.
      main: 'dist/apps/monolith/src/main.js',
      env: { ...log.env, TOPOLOGY: 'monolith' },
    });
    api = new Api(shop);
    const admin = await api.admin();
    const productIds = [await api.product(admin, { stock: 500 }), await api.product(admin, { stock: 500 })];
    items = productIds.map((productId) => ({ productId, quantity: 1 }));
    token = (await api.customer()).token;
    await place(TOGETHER);
  });

  after(async () => {
    await shop.close();
    log.remove();
  });

  /** Places orders concurrently, and returns what they sent to the databases, with all the work that followed. */
  async function place(count: number): Promise<readonly SentStatement[]> {
    await isAtRest();
    const before = log.read().length;
    const answers = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        api.placeOrder(token, items, { key: `${before}-${index}` }),
      ),
    );
    assert.deepEqual([...new Set(answers.map(({ body }) => body.status))], ['confirmed']);
    await isAtRest();
    return log.read().slice(before);
  }

  /** Places an order that ends before the database is polled for its end, which happens four times a second. */
  const placeQuickly = () =>
    until('an order ends before its saga is looked for', async () => {
      const sent = await place(1);
      const isLookedFor = sent.some(
        ({ text }) => summaryOf(text) === 'SELECT sagas' && /WHERE id =/.test(text),
      );
      return isLookedFor ? undefined : sent;
    });

  async function isAtRest(): Promise<void> {
    const count = async (context: string, sql: string) =>
      (await queryServer(shop.databaseServerUrl, sql, [], `${shop.databasePrefix}_${context}`)).length;
    const unpublished = (context: string) =>
      count(context, 'SELECT 1 FROM outbox WHERE published_at IS NULL');
    await until('nothing is left to do', async () => {
      const senders = CONTEXTS.filter((context) => context !== 'notifications');
      if ((await Promise.all(senders.map(unpublished))).some((events) => events > 0)) return false;
      // A published event has caused its mail: concurrent polls could miss it.
      return (await count('notifications', `SELECT 1 FROM notifications WHERE status <> 'sent'`)) === 0;
    });
  }

  const byContext = (sent: readonly SentStatement[]): Record<string, string[]> =>
    Object.fromEntries(
      [...Map.groupBy(sent, ({ database }) => database.slice(shop.databasePrefix.length + 1))].map(
        ([context, statements]) => [context, statements.map(({ text }) => summaryOf(text))],
      ),
    );

  it('is these statements and commits while the customer waits', async () => {
    const sent = (await placeQuickly()).filter(({ request, text }) => request === PLACE && !isHint(text));
    assert.deepEqual(byContext(sent), OF_ONE_ORDER);
  });

  it('is no statement more for what follows from it than these', async () => {
    const sent = (await place(1)).filter(({ request, text }) => request === undefined && isForOrders(text));
    assert.deepEqual(byContext(sent), AFTERWARDS);
  });

  it('is less than so many bytes of values', async () => {
    const sent = (await place(1)).filter(({ request, text }) => request === PLACE || isForOrders(text));
    const bytes = sent.reduce((sum, { values }) => sum + Buffer.byteLength(JSON.stringify(values)), 0);
    assert.ok(bytes < BYTES_OF_ONE_ORDER, `it is ${bytes}`);
  });

  it('is a fraction of it when many come together', async () => {
    const sent = await place(TOGETHER);
    const commits = sent.filter(({ request, text }) => request === PLACE && text === 'COMMIT').length;
    assert.ok(commits <= COMMITS_TOGETHER * TOGETHER, `it is ${commits} commits for ${TOGETHER} orders`);
  });
});

describe('What an order costs between processes', () => {
  let shop: Shop;

  before(async () => {
    shop = await Shop.start({ env: { TOPOLOGY: 'split', TRANSPORT: 'grpc' } });
  });

  after(() => shop.close());

  it('is one call to each context that takes part in it', async () => {
    const api = new Api(shop);
    const productId = await api.product(await api.admin(), { stock: 10 });
    const { token } = await api.customer();
    const isTold = (wanted: string) =>
      until(`the customer is notified of ${wanted}`, async () => {
        const { items } = (await api.get('/api/notifications', token)).body;
        return items.some(({ type }: { type: string }) => type === wanted);
      });
    // The customer can see an event a moment before the call that delivered it ends, and so before it is counted.
    const madeSince = (before: Calls, last: string) =>
      until(`${last} is over`, async () => {
        const made = difference(before, await callsOf(shop));
        return last in made ? made : undefined;
      });
    await isTold('users.registered.v2');
    await madeSince(new Map(), 'notifications.deliverAll');
    const before = await callsOf(shop);
    const { body } = await api.placeOrder(token, [{ productId, quantity: 1 }]);
    assert.equal(body.status, 'confirmed');
    await isTold('orders.confirmed.v1');
    const made = await madeSince(before, 'notifications.deliverAll');
    assert.deepEqual(made, {
      'products.getProducts': 1,
      'inventory.reserve': 1,
      'payments.charge': 1,
      'notifications.deliverAll': 1,
      'users.getContacts': 1,
    });
  });
});

/** The operation and its table, such as `INSERT outbox`. */
function summaryOf(text: string): string {
  const [, verb = text, table = ''] =
    /(?:^|\)\s*)(INSERT INTO|UPDATE|DELETE FROM) (\w+)/.exec(text.trim()) ??
    /^\s*(SELECT)\b.* FROM (\w+)/.exec(text) ??
    /^\s*WITH\b[^]*?\b(INSERT INTO) (\w+)/.exec(text) ??
    [];
  return `${verb.split(' ')[0]} ${table}`.trim();
}

/** Sent once for everything committed within a while, however much it is. */
function isHint(text: string): boolean {
  return text.includes('pg_notify');
}

/** Excludes periodic work, whatever the number of orders: polls, leases, notifications, health checks. */
function isForOrders(text: string): boolean {
  return (
    ['UPDATE outbox', 'INSERT inbox'].includes(summaryOf(text)) ||
    /^\s*(INSERT|SELECT id, email|UPDATE notifications SET status)/i.test(text)
  );
}

type Calls = ReadonlyMap<string, number>;

function difference(before: Calls, now: Calls): Record<string, number> {
  const made = [...now].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
  return Object.fromEntries(made.filter(([, count]) => count > 0));
}

/** The calls between its contexts, by name, without periodic ones. */
async function callsOf(shop: Shop): Promise<Calls> {
  const urls = CONTEXTS.map((context) => shop.addressOf(context).http);
  const pages = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  const made = new Map<string, number>();
  for (const [, labels = '', count] of pages
    .join('\n')
    .matchAll(/^contract_call_duration_seconds_count\{(.*)\} (\d+)$/gm)) {
    const name = `${/context="(\w+)"/.exec(labels)?.[1]}.${/method="(\w+)"/.exec(labels)?.[1]}`;
    if (/getSigningKeys|listRevocations|listHandledTypes/.test(name)) continue;
    made.set(name, (made.get(name) ?? 0) + Number(count));
  }
  return made;
}
