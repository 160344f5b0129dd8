import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Api, type Customer, type Json } from '../harness/api.js';
import { lockTable } from '../harness/lock-table.js';
import { ADMIN, Shop } from '../harness/shop.js';
import { until } from '@fissile/kit/testing';

const MAX_FAILURES = 3;
const MAX_FAILURES_PER_ADDRESS = 10;

describe('The audit log', () => {
  let shop: Shop;
  let api: Api;
  let admin: string;
  let adminId: string;
  let customer: Customer;

  before(async () => {
    shop = await Shop.start({
      env: {
        LOGIN_FAILURES_PER_ACCOUNT: `${MAX_FAILURES}`,
        LOGIN_FAILURES_PER_ADDRESS: `${MAX_FAILURES_PER_ADDRESS}`,
        TRUST_PROXY: '127.0.0.1',
      },
    });
    api = new Api(shop);
    admin = await api.admin();
    adminId = (await api.get('/api/users/me', admin)).body.id;
    customer = await api.customer();
  });

  after(() => shop.close());

  async function recordsOf(subject: string, query = ''): Promise<Json[]> {
    const { status, body } = await api.get(`/api/admin/audit?limit=100${query}`, admin);
    assert.equal(status, 200, JSON.stringify(body));
    return body.items.filter((event: Json) => event.subject === subject);
  }

  const logInFrom = (address: string, email: string, password: string) =>
    api.call('POST', '/api/auth/login', {
      body: { email, password },
      headers: { 'x-forwarded-for': address },
    });

  const actionsOf = async (subject: string) =>
    (await recordsOf(subject)).map(({ action }: Json) => action).reverse();

  it('records accounts: registrations, role changes and disabled accounts', async () => {
    const first = (await recordsOf(adminId)).at(-1);
    assert.deepEqual([first.action, first.userId, first.context], ['admin.made', null, 'users']);
    await api.call('PATCH', `/api/users/${customer.id}`, {
      token: admin,
      body: { status: 'disabled' },
    });
    await api.call('PATCH', `/api/users/${customer.id}`, {
      token: admin,
      body: { status: 'active', roles: ['customer', 'admin'] },
    });
    for (let guess = 0; guess < MAX_FAILURES + 3; guess += 1) {
      await logInFrom('203.0.113.1', customer.email, 'a-wrong-password');
    }
    assert.deepEqual(await actionsOf(customer.id), [
      'user.registered',
      'login.succeeded',
      'user.status_changed',
      'user.roles_changed',
      'user.status_changed',
      ...Array.from({ length: MAX_FAILURES }, () => 'login.failed'),
      'login.locked_out',
    ]);
    const [failed] = await recordsOf(customer.id, '&action=login.failed');
    assert.deepEqual(
      [failed.outcome, failed.source, failed.details],
      ['refused', '203.0.113.1', { reason: 'invalid_credentials' }],
    );
    const [change] = await recordsOf(customer.id, '&context=users&action=user.roles_changed');
    assert.equal(change.userId, adminId);
    assert.ok(change.requestId);
    assert.deepEqual(change.details, { from: ['customer'], to: ['customer', 'admin'] });
  });

  it('nobody locks out the admin from elsewhere', async () => {
    const { email, password } = ADMIN;
    for (let guess = 0; guess < MAX_FAILURES; guess += 1) {
      assert.equal((await logInFrom('203.0.113.9', email, 'a-wrong-password')).status, 401);
    }
    assert.equal((await logInFrom('203.0.113.9', email, password)).status, 429);
    assert.equal((await logInFrom('198.51.100.7', email, password)).status, 200);
  });

  it('the addresses of one /64 are refused as one', async () => {
    const guess = (at: number) =>
      logInFrom(`2001:db8:0:1::${at}`, `nobody-${at}@example.com`, 'a-wrong-password');
    for (let at = 1; at <= MAX_FAILURES_PER_ADDRESS; at += 1) assert.equal((await guess(at)).status, 401);
    assert.equal((await guess(99)).status, 429);
    assert.equal((await logInFrom('2001:db8:0:2::1', 'nobody@example.com', 'a-wrong-password')).status, 401);
  });

  it('records sessions that end, and those that were stolen', async () => {
    const { id, email, password } = await api.customer();
    const { body } = await api.post('/api/auth/login', { email, password });
    const renewed = await api.post('/api/auth/refresh', { refreshToken: body.refreshToken });
    for (const { refreshToken } of [renewed.body, body])
      await api.post('/api/auth/refresh', { refreshToken });
    const again = await api.post('/api/auth/login', { email, password });
    assert.equal((await api.post('/api/auth/logout', undefined, again.body.accessToken)).status, 204);
    const newest = async (action: string) =>
      (await api.get(`/api/admin/audit?context=users&action=${action}&limit=1`, admin)).body.items[0];
    const [ended, reused, refused] = [
      await newest('session.ended'),
      await newest('session.reused'),
      await newest('refresh.refused'),
    ];
    assert.deepEqual([refused.subject, refused.details], [reused.subject, { reason: 'reused' }]);
    assert.deepEqual([ended.action, ended.userId], ['session.ended', id]);
    assert.deepEqual([reused.action, reused.details], ['session.reused', { userId: id }]);
  });

  it('records what admins did to products, stock, payments and the orders of others', async () => {
    const { token } = await api.customer();
    const productId = await api.product(admin, { stock: 10, priceMinor: 500 });
    await api.call('PATCH', `/api/products/${productId}`, {
      token: admin,
      body: { price: { amountMinor: 700, currency: 'USD' } },
    });
    await api.post(`/api/inventory/${productId}/adjustments`, { delta: 5, reason: 'found some' }, admin);
    const [order, own] = [
      (await api.placeOrder(token, [{ productId, quantity: 1 }])).body,
      (await api.placeOrder(token, [{ productId, quantity: 1 }])).body,
    ];
    const refunded = await api.post(`/api/payments/${order.paymentId}/refunds`, { amountMinor: 100 }, admin);
    assert.equal(refunded.status, 201, JSON.stringify([order, refunded.body]));
    await api.post(`/api/orders/${order.id}/cancel`, undefined, admin);
    await api.post(`/api/orders/${own.id}/cancel`, undefined, token);
    await api.orderAtRest(own.id, token);
    const sent = (await api.placeOrder(token, [{ productId, quantity: 1 }])).body;
    await api.post(`/api/orders/${sent.id}/ship`, undefined, admin);
    await api.post(`/api/orders/${sent.id}/return`, undefined, admin);

    assert.deepEqual(await actionsOf(productId), [
      'product.added',
      'stock.counted',
      'product.changed',
      'stock.adjusted',
    ]);
    const [price] = await recordsOf(productId, '&action=product.changed');
    assert.deepEqual(price.details, { priceMinor: { from: 500, to: 700 } });
    const [refund] = await recordsOf(order.paymentId);
    assert.deepEqual([refund.action, refund.details.amountMinor], ['payment.refunded', 100]);
    const [cancelled] = await recordsOf(order.id);
    assert.deepEqual([cancelled.action, cancelled.userId], ['order.cancelled', adminId]);
    assert.deepEqual(await recordsOf(own.id), []);
    assert.deepEqual(await actionsOf(sent.id), ['order.shipped', 'order.returned']);
  });

  it('records who was refused at what is for operators, but not each of many, under an id of ours', async () => {
    const { id, token } = await api.customer();
    const source = '203.0.113.77';
    const headers = { 'x-forwarded-for': source, 'x-request-id': 'chosen-by-the-client' };
    const asked = (path: string, from?: string) => api.call('GET', path, { headers, token: from });
    const answer = await asked('/api/admin/audit', token);
    assert.deepEqual([answer.status, answer.headers.get('x-request-id')], [403, 'chosen-by-the-client']);
    assert.equal((await asked('/api/users')).status, 401);
    const records = async () =>
      (await api.get('/api/admin/audit?action=access.refused&limit=100', admin)).body.items.filter(
        (event: Json) => event.source === source,
      );
    const [anonymous, customers] = await until('both are recorded', async () => {
      const found = await records();
      return found.length === 2 && found.sort((one: Json) => (one.userId === null ? -1 : 1));
    });
    assert.deepEqual(
      [customers.userId, customers.subject, customers.details, customers.outcome],
      [id, 'GET /api/admin/audit', { reason: 'forbidden' }, 'refused'],
    );
    assert.deepEqual(
      [anonymous.subject, anonymous.details],
      ['GET /api/users', { reason: 'unauthenticated' }],
    );
    for (const { requestId, clientRequestId } of [anonymous, customers]) {
      assert.match(requestId, /^[0-9a-f-]{36}$/);
      assert.equal(clientRequestId, 'chosen-by-the-client');
    }
    for (let more = 0; more < 20; more += 1) assert.equal((await asked('/api/admin/sagas')).status, 401);
    assert.ok((await records()).length <= 10, 'five in a minute, of each process');
    assert.match(shop.output, /access\.refused: GET \/api\/admin\/audit forbidden/);
  });

  it('records what operators did to sagas', async () => {
    const { token } = await api.customer();
    const productId = await api.product(admin, { stock: 10 });
    const letGo = await lockTable(shop, 'payments', 'payments');
    try {
      const placed = api.placeOrder(token, [{ productId, quantity: 1 }]);
      const saga = await until('its saga waits', async () => {
        const { items } = (await api.get('/api/admin/sagas?context=orders&status=running', admin)).body;
        return items[0];
      });
      assert.equal((await api.post(`/api/admin/sagas/${saga.id}/retry`, undefined, admin)).status, 202);
      // The call is idempotent, so it may be made twice, and each one is recorded.
      assert.deepEqual([...new Set(await actionsOf(saga.id))], ['saga.retried']);
      await letGo();
      await placed;
    } finally {
      await letGo();
    }
  });

  it('is listed page by page, newest first, without passwords and emails', async () => {
    const all = (await api.get('/api/admin/audit?limit=100', admin)).body.items;
    const first = (await api.get('/api/admin/audit?limit=2', admin)).body;
    const next = (await api.get(`/api/admin/audit?limit=2&cursor=${first.nextCursor}`, admin)).body;
    assert.deepEqual([...first.items, ...next.items], all.slice(0, 4));
    // Who did it is asked for at each request: no log has an address.
    const kept = all.map(({ userEmail: _address, ...record }: Json) => record);
    assert.doesNotMatch(JSON.stringify(kept), /@|password-of|eyJ/);
    assert.equal((await api.get('/api/admin/audit?action=nothing', admin)).status, 400);
  });
});
