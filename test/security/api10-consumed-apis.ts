import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import type { Json } from '../harness/api.js';
import { StripeFake } from '../harness/stripe-fake.js';
import { until } from '@fissile/kit/testing';
import { CARD, type ProbedShop } from './probed-shop.js';

export function probeConsumedApis(shop: () => ProbedShop): void {
  const place = (token: string) =>
    shop().api.placeOrder(token, [{ productId: shop().productId, quantity: 1 }], { method: CARD });
  const letterOf = (eventId: string): Promise<Json> =>
    until('it is a dead letter', async () => {
      const { body } = await shop().api.get('/api/admin/dead-letters?limit=100', shop().admin);
      return body.items.find((letter: Json) => letter.eventId === eventId);
    });

  for (const [fault, what] of [
    ['html', 'a page instead of an answer'],
    ['truncated', 'half an answer'],
    ['error-in-success', 'an error with a status of success'],
    ['endless', 'an answer without an end'],
    ['redirect', 'a way to somewhere else'],
  ] as const) {
    it(`${what} from the payment provider is no payment, and the provider is queried for the outcome`, async () => {
      const { api, stripe, canary } = shop();
      const { token } = await api.customer();
      const before = stripe.balance;
      stripe.failNext('confirm', fault, canary.url);
      const placed = await place(token);
      assert.ok(
        placed.status === 201 || placed.status === 202,
        `${placed.status} ${JSON.stringify(placed.body)}`,
      );
      const order = await api.orderAtRest(placed.body.id, token);
      const paid = stripe.balance - before;
      assert.deepEqual(
        [order.status, paid],
        order.status === 'confirmed' ? ['confirmed', 1_250] : ['cancelled', 0],
      );
      assert.deepEqual(canary.requests, [], 'it was not followed');
      await until('the shop has hung up', () => stripe.endlessAnswers === 0);
    });
  }

  for (const [fault, amount] of [
    ['cheaper', 'less'],
    ['dearer', 'more'],
  ] as const) {
    it(`a payment provider that opens a payment of ${amount} than requested is not paid`, async () => {
      const { api, stripe } = shop();
      const { token } = await api.customer();
      const before = stripe.balance;
      stripe.failNext('payment_intents', fault);
      const order = await api.orderAtRest((await place(token)).body.id, token);
      assert.deepEqual([order.status, order.reason?.code], ['cancelled', 'payment_declined']);
      assert.equal(stripe.balance, before);
    });
  }

  it('the key of the payment provider is in no log', () => {
    assert.ok(!shop().shop.output.includes(StripeFake.SECRET_KEY));
  });

  it('poison among events is put aside with its reason, and holds up its own key until it is discarded', async () => {
    const { api, alice, productId } = shop();
    const { body: order } = await api.placeOrder(alice.token, [{ productId, quantity: 1 }], { method: CARD });
    await api.orderAtRest(order.id, alice.token);
    const total = { amountMinor: 1, currency: 'USD' };
    const good = { orderId: order.id, userId: alice.id, total };
    const poison: [string, unknown][] = [
      ['orders.confirmed.v1', null],
      ['orders.confirmed.v1', []],
      ['orders.confirmed.v1', { ...good, orderId: { $ne: null } }],
      ['orders.confirmed.v1', { ...good, total: { amountMinor: 'x', currency: 'USD' } }],
      ['orders.confirmed.v1', { orderId: order.id }],
      ['orders.confirmed.v99', good],
    ];
    // Of one key the first would be put aside, and the others wait behind it.
    const keyOf = (index: number) => (index === 0 ? order.id : randomUUID());
    const published = await Promise.all(
      poison.map(([type, data], index) => shop().publish(type, data, keyOf(index))),
    );
    const letters = await Promise.all(published.map(letterOf));
    for (const { reason } of letters) {
      assert.ok(reason.length > 0 && reason.length < 2_000, reason);
      assert.doesNotMatch(reason, /\bat .+\.js:\d+/);
    }
    assert.equal((await api.post(`/api/orders/${order.id}/cancel`, {}, alice.token)).status, 202);
    const discarded = await api.post(`/api/admin/dead-letters/${letters[0]?.id}/discard`, {}, shop().admin);
    assert.equal(discarded.status, 204);
    await until('the customer hears of the cancellation behind the poison', async () => {
      const { body } = await api.get('/api/notifications?limit=100', alice.token);
      return body.items.some(
        (each: Json) => each.orderId === order.id && each.type === 'orders.cancelled.v1',
      );
    });
  });

  it('the shop is well after all that', async () => {
    const { api } = shop();
    assert.equal((await api.get('/health')).status, 200);
    const { token } = await api.customer();
    assert.equal((await api.orderAtRest((await place(token)).body.id, token)).status, 'confirmed');
    const page: string = (await api.get('/metrics')).body;
    const failed = page
      .split('\n')
      .filter((line) => /^http_requests_total\{.*status="500"\} [1-9]/.test(line));
    assert.deepEqual(failed, [], 'no request of any probe ended with a 500');
  });
}
