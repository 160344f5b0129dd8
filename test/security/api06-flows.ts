import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import type { Json } from '../harness/api.js';
import { until } from '@fissile/kit/testing';
import { CARD, type ProbedShop } from './probed-shop.js';

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

export function probeFlows(shop: () => ProbedShop): void {
  const place = (token: string, body: object, key?: string) =>
    shop().send({
      method: 'POST',
      path: '/api/orders',
      token,
      body,
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  const orderOf = (productId: string, quantity: unknown = 1, more: object = {}) => ({
    items: [{ productId, quantity }],
    payment: { method: CARD },
    ...more,
  });
  const paidFor = async (orderId: string, token: string): Promise<Json> =>
    (await shop().api.get(`/api/payments?orderId=${orderId}`, token)).body.items;
  const ordersOf = async (token: string): Promise<Json[]> =>
    (await shop().api.get('/api/orders', token)).body.items;

  it('many buyers of the last unit: one gets it', async () => {
    const { api, admin, stripe } = shop();
    const productId = await api.product(admin, { stock: 1 });
    const buyers = [shop().alice, shop().bob, await api.customer()];
    const before = stripe.balance;
    const placed = await times(12, (index) => place(buyers[index % 3]?.token ?? '', orderOf(productId)));
    const ended = await times(12, (index) =>
      api.orderAtRest(placed[index]?.body.id, buyers[index % 3]?.token ?? ''),
    );
    assert.equal(ended.filter(({ status }) => status === 'confirmed').length, 1);
    await until('all that was reserved in vain is released', async () => {
      const { body } = await api.get(`/api/inventory/${productId}`, admin);
      return body.reserved === 1 && body.available === 0;
    });
    assert.equal(stripe.balance - before, 1_000, 'one has paid');
  });

  it('one idempotency key, many times at once: one order, one payment', async () => {
    const { api, productId, stripe } = shop();
    const { token } = await api.customer();
    const before = stripe.balance;
    const key = randomUUID();
    const answers = await times(10, () => place(token, orderOf(productId), key));
    const ids = new Set(answers.filter(({ status }) => status < 300).map(({ body }) => body.id));
    assert.equal(ids.size, 1);
    const [id = ''] = ids;
    await api.orderAtRest(id, token);
    assert.equal((await ordersOf(token)).length, 1);
    assert.equal((await paidFor(id, token)).length, 1);
    assert.equal(stripe.balance - before, 1_250);
    const reused = await place(token, orderOf(productId, 2), key);
    assert.deepEqual([reused.status, reused.body.code], [422, 'idempotency_key_reused']);
  });

  it('a quantity is a whole number from 1 to 10,000, and no other order comes to be', async () => {
    const { api, productId } = shop();
    const { token } = await api.customer();
    for (const quantity of [
      -1,
      0,
      0.5,
      1.0000001,
      '1',
      '-1',
      true,
      null,
      [1],
      { $gt: 0 },
      10_001,
      2 ** 53,
      1e308,
    ]) {
      const { status, body } = await place(token, orderOf(productId, quantity));
      assert.deepEqual([status, body.errors?.[0]?.path], [400, 'items[0].quantity'], String(quantity));
    }
    for (const quantity of ['NaN', 'Infinity', '1e999', '0x10', '-0', '1_000']) {
      const text = JSON.stringify(orderOf(productId, 7)).replace('"quantity":7', `"quantity":${quantity}`);
      assert.equal((await place(token, text as never)).status, 400, quantity);
    }
    assert.deepEqual(await ordersOf(token), []);
  });

  it("the price is the catalogue's: no client sets it, and nothing makes it negative or overflow", async () => {
    const { api, admin } = shop();
    const { token } = await api.customer();
    const productId = await api.product(admin, { stock: 20_000, priceMinor: 999 });
    for (const more of [
      { total: { amountMinor: 1, currency: 'USD' } },
      { discount: 999 },
      { coupon: 'FREE' },
      { shipping: -999 },
    ])
      assert.equal((await place(token, orderOf(productId, 1, more))).status, 400);
    const { body } = await place(token, orderOf(productId, 3));
    assert.deepEqual(body.total, { amountMinor: 2_997, currency: 'USD' });
    for (const amountMinor of [-1, 0.5, '1', 1e15, null]) {
      const change = { price: { amountMinor, currency: 'USD' } };
      const { status } = await api.call('PATCH', `/api/products/${productId}`, {
        body: change,
        token: admin,
      });
      assert.equal(status, 400, String(amountMinor));
    }
    const dear = await api.product(admin, { stock: 20_000, priceMinor: 1_000_000_000 });
    const tooMuch = await place(token, orderOf(dear, 10_000));
    assert.deepEqual([tooMuch.status, tooMuch.body.code], [422, 'order_total_too_large']);
  });

  it('one product stands on one line, and currencies do not mix', async () => {
    const { api, admin, productId } = shop();
    const { token } = await api.customer();
    const euros = await api.product(admin, { stock: 5, currency: 'EUR' });
    const order = async (items: object[], more = {}) => {
      const { status, body } = await place(token, { items, payment: { method: CARD }, ...more });
      return `${status} ${body.code}`;
    };
    const line = { productId, quantity: 1 };
    assert.equal(await order([line, line]), '400 validation_failed');
    assert.equal(
      await order([line, { ...line, productId: productId.toUpperCase() }]),
      '400 validation_failed',
    );
    assert.equal(await order([line, { productId: euros, quantity: 1 }]), '422 currency_mismatch');
    assert.equal(await order([line], { currency: 'EUR' }), '422 currency_mismatch');
    assert.equal(await order([line], { currency: 'usd' }), '400 validation_failed');
    assert.deepEqual(await ordersOf(token), []);
  });

  it('refunds at once give back no more than was paid', async () => {
    const { api, admin, productId, stripe } = shop();
    const { token } = await api.customer();
    const { body: order } = await place(token, orderOf(productId, 2));
    const { paymentId } = await api.orderAtRest(order.id, token);
    const before = stripe.balance;
    const refund = (amountMinor: unknown, by = admin) =>
      api.post(`/api/payments/${paymentId}/refunds`, { amountMinor }, by, {
        'idempotency-key': randomUUID(),
      });
    for (const amount of [-1, 0, 0.5, '1', 1e15])
      assert.equal((await refund(amount)).status, 400, String(amount));
    assert.equal((await refund(1, token)).status, 403);
    const answers = await times(6, () => refund(1_500));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409]);
    assert.equal((await refund(1_001)).status, 409);
    await until('the provider has given it back', () => before - stripe.balance === 1_500);
  });

  it('an order that is cancelled many times at once is paid back once', async () => {
    const { api, admin, stripe } = shop();
    const { token } = await api.customer();
    const productId = await api.product(admin, { stock: 3 });
    const before = stripe.balance;
    const { body } = await place(token, orderOf(productId, 3));
    await api.orderAtRest(body.id, token);
    assert.equal(stripe.balance - before, 3_000);
    const answers = await times(6, () =>
      shop().send({ method: 'POST', path: `/api/orders/${body.id}/cancel`, token }),
    );
    for (const { status } of answers) assert.ok(status === 202 || status === 200, String(status));
    await until(
      'it is cancelled',
      async () => (await api.get(`/api/orders/${body.id}`, token)).body.status === 'cancelled',
    );
    assert.equal(stripe.balance, before);
    const { body: stock } = await api.get(`/api/inventory/${productId}`, admin);
    assert.deepEqual([stock.onHand, stock.reserved], [3, 0]);
    const again = await api.post(`/api/payments/${(await paidFor(body.id, token))[0].id}/refunds`, {}, admin);
    assert.equal(again.status, 409);
  });
}
