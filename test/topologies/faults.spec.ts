import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { COMPONENTS, CONTEXTS } from '#contracts';
import { type Answer, Api, type Customer, type Json } from '../harness/api.js';
import { isAlive, until } from '@fissile/kit/testing';
import { reconcile } from '../harness/reconcile.js';
import { Shop } from '../harness/shop.js';

/** The time-out for waits on leases and on retried steps. */
const WITHIN_MS = 60_000;
/** Between two orders of a client, so that processors are left to what comes back. */
const THINKS_MS = 200;
/** Status codes that a client may receive while a part of the shop is unavailable. */
const MAY_BE_ANSWERED = [200, 201, 202, 502, 503, 504];

describe('A context that is down', () => {
  let shop: Shop;
  let api: Api;
  let admin: string;
  let customer: Customer;
  let productId: string;

  before(async () => {
    shop = await Shop.start({
      env: {
        TOPOLOGY: 'split',
        CALL_TIMEOUT_MS: '1500',
        ROUTE_DEADLINES: '/api/payments=1000',
        BREAKER_MIN_VOLUME: '5',
      },
    });
    api = new Api(shop);
    admin = await api.admin();
    customer = await api.customer();
    productId = await api.product(admin, { stock: 100_000, priceMinor: 250 });
  });

  after(() => shop.close());

  interface Load {
    readonly answers: Answer<Json>[];
    readonly keys: string[];
    stop(): Promise<void>;
  }

  /** Places orders, a few concurrently, until it is stopped. */
  function load(): Load {
    const answers: Answer<Json>[] = [];
    const keys: string[] = [];
    let going = true;
    const place = async (): Promise<void> => {
      while (going) {
        const key = randomUUID();
        keys.push(key);
        const answer = await api.placeOrder(customer.token, [{ productId, quantity: 1 }], { key });
        answers.push(answer);
        // A client that receives Retry-After backs off.
        await pause(answer.status >= 500 ? 500 : THINKS_MS);
      }
    };
    const clients = Promise.all(Array.from({ length: 4 }, place));
    return {
      answers,
      keys,
      stop: async () => {
        going = false;
        await clients;
      },
    };
  }

  /** Retries the request until the response is the order. */
  const orderWith = (key: string) =>
    until(
      `the order with key ${key} exists`,
      async () => {
        const { status, body } = await api.placeOrder(customer.token, [{ productId, quantity: 1 }], { key });
        return [201, 202].includes(status) ? (body.id as string) : undefined;
      },
      WITHIN_MS,
    );

  /** Every key has one order, at rest, and the databases agree. */
  async function allIsWell({ keys, answers }: Load): Promise<void> {
    assert.deepEqual(
      answers.map(({ status }) => status).filter((status) => !MAY_BE_ANSWERED.includes(status)),
      [],
    );
    for (const { status, body } of answers) if (status >= 500) assert.ok(body.code, JSON.stringify(body));
    const ids: string[] = [];
    const left = [...keys];
    // In batches: more than a hundred concurrent requests are rejected.
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let key = left.pop(); key !== undefined; key = left.pop()) ids.push(await orderWith(key));
      }),
    );
    assert.equal(new Set(ids).size, keys.length);
    await until(
      'no saga is under way',
      async () => {
        const states = ['running', 'compensating'];
        const lists = await Promise.all(
          states.map((status) => api.get(`/api/admin/sagas?status=${status}`, admin)),
        );
        return lists.every(({ body }) => body.items?.length === 0);
      },
      WITHIN_MS,
    );
    const { code, output } = await reconcile(shop);
    assert.equal(code, 0, output);
  }

  const enough = (going: Load, more: number) => {
    const from = going.answers.length;
    return until(`${more} more orders are answered`, () => going.answers.length >= from + more);
  };

  for (const context of CONTEXTS) {
    it(`${context} is killed under load and comes back: nothing is lost or doubled`, async () => {
      const going = load();
      await enough(going, 10);
      const pid = shop.signal(context, 'SIGKILL');
      await shop.isBack(context, pid);
      await enough(going, 10);
      await going.stop();
      await allIsWell(going);
    });
  }

  it('orders is stopped in order under load and comes back: nothing is lost or doubled', async () => {
    const going = load();
    await enough(going, 10);
    const pid = shop.signal('orders', 'SIGTERM');
    await shop.isBack('orders', pid);
    await enough(going, 10);
    await going.stop();
    await allIsWell(going);
  });

  it('payments hangs: the others answer, its callers time out, and orders end when it goes on', async () => {
    const going = load();
    await enough(going, 5);
    shop.signal('payments', 'SIGSTOP');
    try {
      const late = await api.get('/api/payments', customer.token);
      assert.equal(late.status, 504);
      assert.equal(late.body.code, 'deadline_exceeded');
      assert.match(late.headers.get('content-type') ?? '', /problem\+json/);
      assert.equal((await api.get('/api/products')).status, 200);
      assert.equal((await api.get('/api/orders', customer.token)).status, 200);
      await until('the context is known to be down', async () => {
        const { status, body } = await api.get('/health');
        return status === 503 && body.payments === 'down' && body.orders === 'up';
      });
      assert.equal((await api.get('/health/ready')).status, 200, 'the edge serves what it can');
      const key = randomUUID();
      await until(
        'an order is accepted',
        async () => {
          const { status, body } = await api.placeOrder(customer.token, [{ productId, quantity: 1 }], {
            key,
          });
          return status === 202 && body.status === 'pending';
        },
        WITHIN_MS,
      );
      const { headers } = await until(
        'orders are accepted at once, and say what they wait for',
        async () => {
          const accepted = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
          return accepted.headers.has('x-fissile-fallback') ? accepted : undefined;
        },
        WITHIN_MS,
      );
      assert.equal(headers.get('x-fissile-fallback'), 'payments-unavailable');
      assert.ok(Number(headers.get('retry-after')) > 0);
      await until('operators see the breaker, and that payments cannot say', async () => {
        const { body } = await api.get('/api/admin/topology', admin);
        const breakersOf = (name: string) => body.processes.find((one: Json) => one.name === name).breakers;
        const toPayments = breakersOf('orders')?.find(({ target }: Json) => target === 'payments');
        return toPayments && toPayments.state !== 'closed' && breakersOf('payments') === null;
      });
      await until('its settings alone are unknown', async () => {
        const { processes } = (await api.get('/api/admin/settings', admin)).body;
        const silent = processes.filter(({ isKnown }: Json) => !isKnown);
        return (
          processes.length === COMPONENTS.length && silent.map(({ name }: Json) => name).join() === 'payments'
        );
      });
    } finally {
      shop.signal('payments', 'SIGCONT');
    }
    await until('it is healthy again', async () => (await api.get('/health')).status === 200, WITHIN_MS);
    await enough(going, 5);
    await going.stop();
    await allIsWell(going);
  });

  it('inventory hangs: orders are accepted at once, say what they wait for, and end when it goes on', async () => {
    const going = load();
    await enough(going, 5);
    shop.signal('inventory', 'SIGSTOP');
    try {
      const { status, body, headers } = await until(
        'orders are accepted at once',
        async () => {
          const accepted = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
          return accepted.headers.has('x-fissile-fallback') ? accepted : undefined;
        },
        WITHIN_MS,
      );
      assert.deepEqual([status, body.status], [202, 'pending']);
      assert.equal(headers.get('x-fissile-fallback'), 'inventory-unavailable');
      assert.ok(Number(headers.get('retry-after')) > 0);
    } finally {
      shop.signal('inventory', 'SIGCONT');
    }
    await until('it is healthy again', async () => (await api.get('/health')).status === 200, WITHIN_MS);
    await enough(going, 5);
    await going.stop();
    await allIsWell(going);
  });

  it('a killed supervisor leaves no process behind, and the next start ends what was under way', async () => {
    const going = load();
    await enough(going, 5);
    const failing = going.stop().catch(() => undefined);
    const pids = await shop.killSupervisor();
    assert.equal(pids.length, COMPONENTS.length);
    await until('all processes have ended', () => pids.every((pid) => !isAlive(pid)));
    await failing;
    await shop.run();
    await until('it is healthy', async () => (await api.get('/health')).status === 200, WITHIN_MS);
    await allIsWell({ ...going, answers: [] });
  });

  it('one signal stops all of them, in order', async () => {
    const pids = [...shop.pids().values()];
    assert.equal(await shop.stop(), 0);
    assert.deepEqual(pids.filter(isAlive), []);
  });
});
