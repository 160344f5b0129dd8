import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '@fissile/kit/testing';
import { Api, type Customer, type Json } from '../harness/api.js';
import { bookDifferences } from '../harness/book-differences.js';
import { Moves } from '../harness/moves.js';
import { Shop, topologyUnderTest } from '../harness/shop.js';
import { StrictClients } from '../harness/strict-clients.js';

const CLIENTS = 12;
/** So that some requests are always under way, and processors are left to what moves; `npm run bench:move` moves under full load. */
const THINKS_MS = 60;
/** Enough that some are under way at each stage of a move. */
const BETWEEN = 15;

const { TRANSPORT = 'grpc', ...brokers } = topologyUnderTest();

describe(`A context that moves between processes under load, over ${TRANSPORT}`, () => {
  let shop: Shop;
  let api: Api;
  let admin: string;
  let moves: Moves;
  let customers: Customer[];
  let products: string[];

  before(async () => {
    shop = await Shop.start({ env: { ...brokers, TOPOLOGY: 'monolith', TRANSPORT } });
    api = new Api(shop);
    admin = await api.admin();
    moves = new Moves(api, admin);
    customers = [];
    // One after the other: a password is meant to cost a processor's time.
    for (let count = 0; count < CLIENTS; count += 1) customers.push(await api.customer());
    products = await Promise.all([1, 2, 3].map(() => api.product(admin, { stock: 100_000 })));
  });

  after(() => shop.close());

  async function underLoad(work: (clients: StrictClients) => Promise<void>): Promise<StrictClients> {
    const clients = new StrictClients(shop.url, customers, products, { thinksMs: THINKS_MS });
    try {
      await clients.goOn(BETWEEN);
      await work(clients);
      await clients.goOn(BETWEEN);
    } finally {
      await clients.end();
    }
    return clients;
  }

  /** Nothing of what was accepted is lost, doubled or stuck. */
  async function everyOrderIsConfirmed({ orders }: StrictClients): Promise<void> {
    for (const [customer, ids] of orders) {
      for (const id of ids) assert.equal((await api.orderAtRest(id, customer.token)).status, 'confirmed');
    }
    assert.deepEqual(await bookDifferences(shop), []);
  }

  const ordersProcess = async (): Promise<Json> =>
    (await moves.now()).processes.find(({ name }: Json) => name === 'orders');

  it('fails no request, of each context, out of the process and back', async () => {
    const clients = await underLoad(async () => {
      for (const context of ['orders', 'inventory', 'users', 'payments', 'notifications', 'products']) {
        await moves.carryOut({ action: 'move', context, to: 'own' });
        await moves.carryOut({ action: 'move', context, to: 'gateway' });
      }
    });
    assert.deepEqual(clients.failures, []);
    await everyOrderIsConfirmed(clients);
  });

  it('fails no request when all of them move, and move back', async () => {
    const clients = await underLoad(async (load) => {
      await moves.carryOut({ action: 'apply', topology: 'split' });
      assert.equal((await moves.now()).processes.length, 7);
      await load.goOn(BETWEEN);
      await moves.carryOut({ action: 'apply', topology: 'monolith' });
      assert.equal((await moves.now()).processes.length, 1);
    });
    assert.deepEqual(clients.failures, []);
    await everyOrderIsConfirmed(clients);
  });

  it('fails no request when a process is started anew, gets another instance, and loses it', async () => {
    await moves.carryOut({ action: 'move', context: 'orders', to: 'own' });
    const pids = async (): Promise<number[]> => (await ordersProcess()).pids;
    const before = await pids();
    const clients = await underLoad(async (load) => {
      await moves.carryOut({ action: 'restart', process: 'orders' });
      assert.notDeepEqual(await pids(), before);
      await moves.carryOut({ action: 'scale', process: 'orders', instances: 2 });
      assert.equal((await pids()).length, 2);
      await load.goOn(BETWEEN);
      await moves.carryOut({ action: 'scale', process: 'orders', instances: 1 });
    });
    assert.deepEqual(clients.failures, []);
    await everyOrderIsConfirmed(clients);
  });

  it('leaves a context away whose process is stopped, until it is started again or the context moves', async () => {
    const { token } = await api.customer();
    const status = async (): Promise<number> => (await api.get('/api/orders', token)).status;
    await moves.carryOut({ action: 'stop', process: 'orders' });
    assert.equal(await status(), 503);
    const { pids, state } = await ordersProcess();
    assert.deepEqual([pids, state], [[], 'stopped']);
    assert.deepEqual((await moves.ask({ action: 'stop', process: 'orders' })).status, 409);
    await moves.carryOut({ action: 'start', process: 'orders' });
    await until('orders are there again', async () => (await status()) === 200);
    await moves.carryOut({ action: 'stop', process: 'orders' });
    await moves.carryOut({ action: 'move', context: 'orders', to: 'gateway' });
    assert.equal(await status(), 200);
  });

  it('is in the audit log, with who asked for it', async () => {
    const { body } = await api.get('/api/admin/audit?action=topology.changed&limit=1', admin);
    const [{ subject, userId, outcome }] = body.items;
    assert.deepEqual([subject, outcome], ['move orders to gateway', 'done']);
    assert.equal(userId, (await api.get('/api/users/me', admin)).body.id);
  });

  it('is not asked for what cannot be', async () => {
    const refusal = async (request: Record<string, unknown>): Promise<unknown[]> => {
      const { status, body } = await moves.ask(request);
      return [status, body.errors?.[0]?.path ?? body.detail];
    };
    assert.deepEqual(await refusal({ action: 'scale', process: 'orders', instances: 0 }), [400, 'instances']);
    assert.deepEqual(await refusal({ action: 'restart' }), [400, 'process']);
    const [status, detail] = await refusal({ action: 'stop', process: 'monolith' });
    assert.equal(status, 409);
    assert.match(String(detail), /process: monolith has started the others/);
  });
});
