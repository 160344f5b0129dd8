import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { until } from '@fissile/kit/testing';
import { Api, type Customer, type Json } from '../harness/api.js';
import { type SharedShop, sharedShop } from '../harness/shared-shop.js';

describe('Shipping', () => {
  let shop: SharedShop;
  let api: Api;
  let admin: string;
  let customer: Customer;

  before(async () => {
    shop = await sharedShop();
    api = new Api(shop);
    admin = await api.admin();
    customer = await api.customer();
  });

  after(() => shop.close());

  const ship = (orderId: string, token = admin) => api.call('POST', `/api/orders/${orderId}/ship`, { token });
  const takeBack = (orderId: string, token = admin) =>
    api.call('POST', `/api/orders/${orderId}/return`, { token });
  const stockOf = async (productId: string) => (await api.get(`/api/inventory/${productId}`, admin)).body;
  const stepsOf = async (orderId: string) => {
    const { body } = await api.get(`/api/orders/${orderId}/timeline`, customer.token);
    return body.steps.map(({ name, status }: Json) => `${name} ${status}`);
  };

  async function order(stock: number, quantity: number): Promise<{ id: string; productId: string }> {
    const productId = await api.product(admin, { stock, priceMinor: 500 });
    const { body } = await api.placeOrder(customer.token, [{ productId, quantity }]);
    assert.equal(body.status, 'confirmed');
    return { id: body.id, productId };
  }

  async function shippedOrder(stock: number, quantity: number): Promise<{ id: string; productId: string }> {
    const placed = await order(stock, quantity);
    const { status, body } = await ship(placed.id);
    assert.equal(`${status} ${body.status}`, '200 shipped', JSON.stringify(body));
    return placed;
  }

  it('takes the units of a confirmed order off the stock, and is in its timeline', async () => {
    const { id, productId } = await order(10, 3);
    const { status, headers, body } = await ship(id);
    assert.equal(`${status} ${body.status}`, '200 shipped', JSON.stringify(body));
    assert.equal(headers.get('location'), `/api/orders/${id}`);
    assert.deepEqual((await api.get(`/api/orders/${id}`, customer.token)).body, body);
    assert.deepEqual(await stockOf(productId), { productId, onHand: 7, reserved: 0, available: 7 });
    assert.deepEqual((await stepsOf(id)).slice(-3), [
      'begin-shipping done',
      'ship-inventory done',
      'ship-order done',
    ]);
    const { items } = (await api.get('/api/orders?status=shipped', customer.token)).body;
    assert.ok(items.some((each: Json) => each.id === id));
  });

  it('leaves a stock-take free to set what is on the shelf, and that sells', async () => {
    const { productId } = await shippedOrder(5, 5);
    const counted = await api.call('PUT', `/api/inventory/${productId}`, {
      token: admin,
      body: { onHand: 2 },
    });
    assert.equal(counted.status, 200, JSON.stringify(counted.body));
    assert.deepEqual(counted.body, { productId, onHand: 2, reserved: 0, available: 2 });
    const { body } = await api.placeOrder(customer.token, [{ productId, quantity: 2 }]);
    assert.equal(body.status, 'confirmed');
  });

  it('changes the version of the stock, so a count from before is refused', async () => {
    const { id, productId } = await order(5, 1);
    const { headers } = await api.get(`/api/inventory/${productId}`, admin);
    await ship(id);
    const counted = await api.call('PUT', `/api/inventory/${productId}`, {
      token: admin,
      headers: { 'if-match': headers.get('etag') ?? '' },
      body: { onHand: 5 },
    });
    assert.equal(`${counted.status} ${counted.body.code}`, '412 version_mismatch');
  });

  it('ships an order once, however often it is asked to', async () => {
    const { id, productId } = await order(10, 3);
    const answers = await Promise.all([ship(id), ship(id), ship(id)]);
    assert.deepEqual([...new Set(answers.map(({ status }) => (status === 202 ? 200 : status)))], [200]);
    assert.equal((await ship(id)).body.status, 'shipped');
    assert.equal((await stockOf(productId)).onHand, 7);
    assert.equal((await stepsOf(id)).filter((step: string) => step === 'ship-order done').length, 1);
  });

  it('is final for a cancellation, which says what can be done instead', async () => {
    const { id, productId } = await shippedOrder(4, 4);
    for (const token of [customer.token, admin]) {
      const { status, body } = await api.call('POST', `/api/orders/${id}/cancel`, { token });
      assert.equal(`${status} ${body.code}`, '409 order_not_cancellable');
      assert.match(body.detail, /has been shipped: it can be returned, not cancelled/);
    }
    assert.deepEqual(await stockOf(productId), { productId, onHand: 0, reserved: 0, available: 0 });
  });

  it('of a cancellation and a shipment at the same time, one wins', async () => {
    const { id, productId } = await order(2, 2);
    const [shipped, cancelled] = await Promise.all([
      ship(id),
      api.call('POST', `/api/orders/${id}/cancel`, { token: customer.token }),
    ]);
    const { status } = await api.orderAtRest(id, customer.token);
    const loser = status === 'shipped' ? cancelled : shipped;
    assert.equal(loser.status, 409, JSON.stringify([shipped.body, cancelled.body]));
    assert.equal((await stockOf(productId)).onHand, status === 'shipped' ? 0 : 2);
  });

  it('an order that comes back is on hand again, and refunded, once', async () => {
    const { id, productId } = await shippedOrder(6, 4);
    await Promise.all([takeBack(id), takeBack(id)]);
    const { status, body } = await takeBack(id);
    assert.equal(`${status} ${body.status}`, '200 returned', JSON.stringify(body));
    assert.deepEqual(await stockOf(productId), { productId, onHand: 6, reserved: 0, available: 6 });
    const { items } = (await api.get(`/api/payments?orderId=${id}`, customer.token)).body;
    assert.deepEqual(
      items.map(({ status: state, refunds }: Json) => [state, refunds.map(({ amount }: Json) => amount)]),
      [['refunded', [{ amountMinor: 2_000, currency: 'USD' }]]],
    );
    assert.deepEqual((await stepsOf(id)).slice(-4), [
      'begin-return done',
      'refund-payment done',
      'restock-inventory done',
      'return-order done',
    ]);
    const again = await ship(id);
    assert.equal(`${again.status} ${again.body.code}`, '409 order_not_shippable');
  });

  it('the customer is written to about each, once', async () => {
    const { id } = await shippedOrder(1, 1);
    await ship(id);
    await takeBack(id);
    const types = await until('all mails are sent', async () => {
      const { items } = (await api.get('/api/notifications?limit=100', customer.token)).body;
      const own = items.filter(({ orderId, status }: Json) => orderId === id && status === 'sent');
      return own.length >= 4 ? own.map(({ type }: Json) => type as string) : undefined;
    });
    assert.deepEqual(types.sort(), [
      'orders.confirmed.v1',
      'orders.returned.v1',
      'orders.shipped.v1',
      'payments.refunded.v1',
    ]);
  });

  it('refuses orders that are not confirmed, and returns of what is not shipped', async () => {
    const { id } = await order(1, 1);
    const early = await takeBack(id);
    assert.equal(`${early.status} ${early.body.code}`, '409 order_not_returnable');
    const productId = await api.product(admin, { stock: 1 });
    const declined = await api.placeOrder(customer.token, [{ productId, quantity: 1 }], {
      method: 'pm_card_declined',
    });
    const late = await ship(declined.body.id);
    assert.equal(`${late.status} ${late.body.code}`, '409 order_not_shippable');
    const none = await ship(randomUUID());
    assert.equal(`${none.status} ${none.body.code}`, '404 order_not_found');
  });

  it('is for admins alone', async () => {
    const { id, productId } = await order(3, 1);
    for (const answer of [await ship(id, customer.token), await takeBack(id, customer.token)])
      assert.equal(`${answer.status} ${answer.body.code}`, '403 forbidden');
    assert.equal((await api.call('POST', `/api/orders/${id}/ship`)).status, 401);
    assert.equal((await stockOf(productId)).reserved, 1);
  });
});
