import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { Api, type Customer } from '../harness/api.js';
import { queryServer, until } from '@fissile/kit/testing';
import { reconcile } from '../harness/reconcile.js';
import { Shop, topologyUnderTest } from '../harness/shop.js';

/** How often everything is killed and started again. A split starts eight processes each time. */
const ROUNDS = topologyUnderTest()['TOPOLOGY'] === 'split' ? 2 : 4;

describe('Crashes', () => {
  let shop: Shop;
  let api: Api;
  let admin: string;
  let customer: Customer;

  before(async () => {
    shop = await Shop.start();
    api = new Api(shop);
    admin = await api.admin();
    customer = await api.customer();
  });

  after(() => shop.close());

  it('orders that are under way when the process is killed end right after the next start', async () => {
    const productId = await api.product(admin, { stock: 150, priceMinor: 100 });
    const methods = ['pm_card_ok', 'pm_card_declined', 'pm_card_timeout', 'pm_card_error_then_ok'];
    const keys: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const sent = Array.from({ length: 40 }, (_, index) => {
        const key = randomUUID();
        keys.push(key);
        return api.placeOrder(customer.token, [{ productId, quantity: 1 }], {
          key,
          method: methods[index % 4] ?? '',
        });
      });
      const settled = Promise.allSettled(sent);
      // Some are done by then, some not started, and the rest anywhere in between.
      await sent[round * 5];
      await shop.kill();
      await settled;
      await shop.run();
    }
    customer = { ...customer, token: await api.login(customer.email, customer.password) };
    admin = await api.admin();
    await until('no saga is under way', async () => {
      const lists = await Promise.all(
        ['running', 'compensating'].map((status) => api.get(`/api/admin/sagas?status=${status}`, admin)),
      );
      return lists.every(({ body }) => body.items.length === 0);
    });
    const { code, output } = await reconcile(shop);
    assert.equal(code, 0, output);
    const ids: string[] = [];
    const open = [...keys.entries()];
    const ask = async (): Promise<void> => {
      for (let next = open.pop(); next; next = open.pop()) {
        const [index, key] = next;
        const method = methods[index % 4] ?? '';
        const { body } = await until(`${key} is answered`, async () => {
          const answer = await api.placeOrder(customer.token, [{ productId, quantity: 1 }], { key, method });
          // A busy shop may respond with Retry-After.
          return answer.status < 500 ? answer : undefined;
        });
        ids.push(body.id);
      }
    };
    // In batches: more than a hundred concurrent requests are rejected.
    await Promise.all(Array.from({ length: 10 }, ask));
    assert.equal(new Set(ids).size, keys.length, 'each key has one order of its own');
  });

  it('any interleaving of orders, declines, cancellations, shipments, returns and crashes conserves money and stock', async () => {
    const productId = await api.product(admin, { stock: 40, priceMinor: 299 });
    const step = fc.record({
      quantity: fc.integer({ min: 1, max: 4 }),
      method: fc.constantFrom(
        'pm_card_ok',
        'pm_card_ok',
        'pm_card_declined',
        'pm_card_timeout',
        'pm_card_error_then_ok',
      ),
      then: fc.constantFrom([], ['cancel'], ['cancel'], ['ship'], ['ship', 'return'], ['ship', 'cancel']),
      crash: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
    });
    const take = async ({
      quantity,
      method,
      then,
    }: {
      quantity: number;
      method: string;
      then: readonly string[];
    }) => {
      const { body } = await api.placeOrder(customer.token, [{ productId, quantity }], {
        method,
        key: randomUUID(),
      });
      for (const what of then) await api.call('POST', `/api/orders/${body.id}/${what}`, { token: admin });
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async (steps) => {
        const taken: Promise<PromiseSettledResult<void>[]>[] = [];
        for (const each of steps) {
          taken.push(Promise.allSettled([take(each)]));
          if (!each.crash) continue;
          await shop.kill();
          await shop.run();
        }
        await Promise.all(taken);
        const { code, output } = await reconcile(shop);
        assert.equal(code, 0, output);
      }),
      { numRuns: ROUNDS },
    );
  });

  it('a database that loses its connections costs a moment, and nothing else', async () => {
    const productId = await api.product(admin, { stock: 100 });
    const cutConnections = () =>
      queryServer(
        shop.databaseServerUrl,
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(datname, $1)',
        [shop.databasePrefix],
      );
    const answers = [];
    for (let round = 0; round < 5; round += 1) {
      const sent = Array.from({ length: 6 }, () =>
        api.placeOrder(customer.token, [{ productId, quantity: 1 }]),
      );
      const read = api.get('/api/products');
      await cutConnections();
      answers.push(...(await Promise.all([...sent, read])).map(({ status }) => status));
    }
    assert.deepEqual(
      answers.filter((status) => ![200, 201, 202, 503].includes(status)),
      [],
    );
    await until('it is healthy again', async () => (await api.get('/health')).status === 200);
    const { code, output } = await reconcile(shop);
    assert.equal(code, 0, output);
  });

  it('reconcile names a row that was tampered with', async () => {
    const productId = await api.product(admin, { stock: 3, priceMinor: 100 });
    const { body } = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    const tamper = (sql: string, value: string, context: string) =>
      queryServer(shop.databaseServerUrl, sql, [value], `${shop.databasePrefix}_${context}`);
    await tamper(
      'UPDATE payments SET amount_minor = amount_minor + 1 WHERE order_id = $1',
      body.id,
      'payments',
    );
    await tamper('UPDATE stock SET reserved = reserved + 1 WHERE product_id = $1', productId, 'inventory');
    const { code, output } = await reconcile(shop);
    assert.equal(code, 1);
    assert.match(output, new RegExp(`101 USD is charged, order ${body.id} is 100 USD`));
    assert.match(output, new RegExp(`product ${productId}: 2 are reserved, expected 1`));
  });

  it('a stop ends what is in flight, and turns readiness off first', async () => {
    const productId = await api.product(admin, { stock: 50 });
    const sent = Array.from({ length: 20 }, () =>
      api.placeOrder(customer.token, [{ productId, quantity: 1 }]),
    );
    const settled = Promise.allSettled(sent);
    await sent[0];
    assert.equal(await shop.stop(), 0);
    for (const result of await settled) {
      // A connection that was no longer accepted is refused; an accepted one gets a response.
      if (result.status === 'fulfilled') assert.ok([201, 202, 503].includes(result.value.status));
    }
    await shop.run();
  });

  it('each context has a database of its own, without the tables of others', async () => {
    const contexts = ['users', 'products', 'inventory', 'orders', 'payments', 'notifications'];
    const own: Record<string, string> = {
      users: 'users',
      products: 'products',
      inventory: 'stock',
      orders: 'orders',
      payments: 'payments',
      notifications: 'notifications',
    };
    for (const context of contexts) {
      const rows = await queryServer<{ name: string }>(
        shop.databaseServerUrl,
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
        [],
        `${shop.databasePrefix}_${context}`,
      );
      const tables = rows.map(({ name }) => name);
      assert.ok(tables.includes(own[context] ?? ''));
      const foreign = Object.entries(own).filter(
        ([other, table]) => other !== context && tables.includes(table),
      );
      assert.deepEqual(foreign, [], context);
    }
  });
});
