import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { until } from '@fissile/kit/testing';
import type { Json } from '../harness/api.js';
import { signed, type SignedEvent, StripeFake } from '../harness/stripe-fake.js';
import { ASKING_CARD, CARD, type ProbedShop, type Received } from './probed-shop.js';

const PATH = '/api/payments/webhooks/stripe';
const MINUTE_S = 60;

export function probeWebhooks(shop: () => ProbedShop): void {
  const send = ({ body, headers }: SignedEvent): Promise<Received> =>
    shop().send({ method: 'POST', path: PATH, body, headers });
  const read = async (orderId: string): Promise<Json> =>
    (await shop().api.get(`/api/orders/${orderId}`, shop().alice.token)).body;
  const payments = async (orderId: string): Promise<Json[]> =>
    (await shop().api.get(`/api/payments?orderId=${orderId}`, shop().admin)).body.items;
  const place = async (method: string): Promise<string> => {
    const { api, alice, productId } = shop();
    const { body } = await api.placeOrder(alice.token, [{ productId, quantity: 1 }], { method });
    return body.id;
  };
  /** An order that waits for its customer. */
  const asked = async (): Promise<string> => {
    const id = await place(ASKING_CARD);
    await until('the order waits for its customer', async () => (await read(id)).payment !== null);
    return id;
  };
  const succeeded = (orderId: string, options = {}): SignedEvent =>
    shop().stripe.event('payment_intent.succeeded', shop().stripe.intentOf(orderId), options);
  const atRest = (orderId: string): Promise<Json> => shop().api.orderAtRest(orderId, shop().alice.token);

  it('an event without a signature, with a false one, of another body, or an old one, changes nothing', async () => {
    const orderId = await asked();
    shop().stripe.authenticate(orderId, true);
    const { body, headers } = succeeded(orderId);
    const now = Math.floor(Date.now() / 1000);
    const bad: [string, SignedEvent][] = [
      ['no signature', { body, headers: {} }],
      ['nonsense', { body, headers: { 'stripe-signature': 'nonsense' } }],
      ['another secret', signed(body, { secret: 'whsec_of_somebody_else' })],
      ['another body', { body: body.replace('evt_', 'evt_x'), headers }],
      ['an hour old', signed(body, { at: now - 60 * MINUTE_S })],
      ['ten minutes old', signed(body, { at: now - 10 * MINUTE_S })],
      ['no JSON', signed('not JSON')],
    ];
    for (const [what, event] of bad) {
      const { status, body: problem } = await send(event);
      assert.equal(status, 400, what);
      assert.equal(problem.code, 'webhook_refused', what);
    }
    assert.equal((await read(orderId)).status, 'pending');
    assert.equal((await send(succeeded(orderId))).status, 200);
    assert.equal((await atRest(orderId)).status, 'confirmed');
  });

  it('an event of another account, or of the other mode, is refused', async () => {
    const orderId = await asked();
    shop().stripe.authenticate(orderId, true);
    for (const options of [{ account: 'acct_of_another' }, { livemode: true }]) {
      const { status, body } = await send(succeeded(orderId, options));
      assert.deepEqual([status, body.code], [400, 'webhook_refused']);
    }
    assert.equal((await read(orderId)).status, 'pending');
    assert.equal((await send(succeeded(orderId))).status, 200);
    assert.equal((await atRest(orderId)).status, 'confirmed');
  });

  it('an event that says more than is true is not believed: the provider is asked', async () => {
    const orderId = await asked();
    const intent = { ...shop().stripe.intentOf(orderId), status: 'succeeded' };
    assert.equal((await send(shop().stripe.event('payment_intent.succeeded', intent))).status, 200);
    assert.equal((await read(orderId)).status, 'pending');
    const [payment] = await payments(orderId);
    assert.equal(payment.status, 'pending');
    await shop().api.post(`/api/orders/${orderId}/cancel`, {}, shop().alice.token);
    const order = await atRest(orderId);
    assert.deepEqual([order.status, order.reason.code], ['cancelled', 'cancelled_by_customer']);
    assert.equal(shop().stripe.intentOf(orderId).status, 'canceled', 'nothing is left to confirm');
  });

  it('events of unknown payments, and of other kinds, are answered with 200, so that they are not repeated', async () => {
    const { stripe, shop: running } = shop();
    const id = `evt_${randomUUID()}`;
    const metadata = { charge_key: randomUUID() };
    const unknown = [
      stripe.event('payment_intent.succeeded', { id: 'pi_x', metadata }, { id }),
      stripe.event('payment_intent.succeeded', { id: 'pi_x', metadata: { charge_key: "' OR 1=1" } }),
      stripe.event('payment_intent.succeeded', { id: 'pi_x' }),
      stripe.event('refund.failed', { id: 're_x', metadata: { refund_key: randomUUID() } }),
      stripe.event('customer.created', { id: 'cus_x' }),
    ];
    for (const event of unknown) assert.deepEqual((await send(event)).body, { received: true });
    assert.ok(running.output.includes(`event ${id} (payment_intent.succeeded) is ignored`));
  });

  it('a hundred copies of an event at once confirm an order once', async () => {
    const before = shop().stripe.balance;
    const orderId = await asked();
    shop().stripe.authenticate(orderId, true);
    const event = succeeded(orderId);
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(event)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal((await atRest(orderId)).status, 'confirmed');
    assert.equal(shop().stripe.balance - before, 1_250);
    const statuses = (await payments(orderId)).map(({ status }) => status);
    assert.deepEqual(statuses, ['captured']);
    const { body } = await shop().api.get(`/api/orders/${orderId}/timeline`, shop().alice.token);
    const names: string[] = body.steps.map(({ name }: Json) => name);
    assert.equal(names.filter((name) => name === 'confirm-order').length, 1);
  });

  it('a replayed event, and late ones in any order, leave a payment as it ended', async () => {
    const { stripe } = shop();
    const orderId = await asked();
    const intent = stripe.intentOf(orderId);
    const failed = stripe.event('payment_intent.payment_failed', { ...intent });
    stripe.authenticate(orderId, true);
    const event = succeeded(orderId);
    assert.equal((await send(event)).status, 200);
    assert.equal((await atRest(orderId)).status, 'confirmed');
    const cancelled = stripe.event('payment_intent.canceled', { ...intent, status: 'canceled' });
    for (const late of [event, failed, cancelled, event]) assert.equal((await send(late)).status, 200);
    assert.deepEqual(
      [(await read(orderId)).status, (await payments(orderId))[0].status],
      ['confirmed', 'captured'],
    );
    assert.equal(intent.status, 'succeeded');
  });

  it('a failure that is told first does not end a payment that succeeded', async () => {
    const orderId = await asked();
    const failed = shop().stripe.event('payment_intent.payment_failed', shop().stripe.intentOf(orderId));
    shop().stripe.authenticate(orderId, true);
    assert.equal((await send(failed)).status, 200);
    assert.equal((await atRest(orderId)).status, 'confirmed');
  });

  it('a customer who fails the challenge pays nothing, and can pay nothing any more', async () => {
    const orderId = await asked();
    const intent = shop().stripe.authenticate(orderId, false);
    assert.equal((await send(shop().stripe.event('payment_intent.payment_failed', intent))).status, 200);
    const order = await atRest(orderId);
    assert.deepEqual([order.status, order.reason.code], ['cancelled', 'payment_declined']);
    assert.equal(intent.status, 'canceled');
  });

  it('while the provider cannot be asked, the event is to be repeated', async () => {
    const orderId = await asked();
    const { id } = shop().stripe.authenticate(orderId, true);
    const event = succeeded(orderId);
    shop().stripe.failNext(id, 'refused');
    const { status, body } = await send(event);
    assert.deepEqual([status, body.code], [503, 'payment_provider_unavailable']);
    assert.equal((await send(event)).status, 200);
    assert.equal((await atRest(orderId)).status, 'confirmed');
  });

  it('a refund that the bank returns is shown to operators, who try again or settle it', async () => {
    const { api, admin, alice, stripe } = shop();
    const orderId = await place(CARD);
    await atRest(orderId);
    const [{ id }] = await payments(orderId);
    const refund = (amountMinor: number) => api.post(`/api/payments/${id}/refunds`, { amountMinor }, admin);
    const { body: first } = await refund(250);
    assert.equal(first.status, 'done');
    const returned = stripe.returnRefunds(orderId);
    const event = stripe.event('refund.failed', returned);
    await Promise.all([send(event), send(event), send(stripe.event('charge.refund.updated', returned))]);
    const shown = (await api.get('/api/payments?status=refund_failed&limit=100', admin)).body.items;
    const payment = shown.find((each: Json) => each.id === id);
    assert.deepEqual(
      [payment.refunds[0].status, payment.refunds[0].failureReason],
      ['failed', 'lost_or_stolen_card'],
    );
    const path = `/api/payments/${id}/refunds/${first.id}`;
    assert.equal((await api.post(`${path}/retry`, {}, alice.token)).status, 403);
    const retried = await api.post(`${path}/retry`, {}, admin);
    assert.deepEqual(
      [retried.status, retried.body.status, retried.body.refunds[0].status],
      [200, 'captured', 'done'],
    );
    assert.equal((await send(stripe.event('refund.failed', returned))).status, 200);
    assert.equal((await payments(orderId))[0].status, 'captured', 'a late event is about the first attempt');
    assert.equal((await api.post(`${path}/settle`, {}, admin)).body.code, 'refund_not_failed');
  });

  it('a refund that the provider refuses ends, and an operator records that it was paid in another way', async () => {
    const { api, admin, alice, stripe } = shop();
    const orderId = await place(CARD);
    await atRest(orderId);
    stripe.fateOfRefunds = 'refused';
    try {
      await api.post(`/api/orders/${orderId}/cancel`, {}, alice.token);
      assert.equal((await atRest(orderId)).status, 'cancelled');
    } finally {
      stripe.fateOfRefunds = 'succeed';
    }
    const [payment] = await payments(orderId);
    const [refused] = payment.refunds;
    assert.deepEqual(
      [payment.status, refused.status, refused.failureReason],
      ['refund_failed', 'failed', 'charge_disputed'],
    );
    const metrics: string = (await metricsOf(shop())).join('\n');
    assert.match(metrics, /^payments_refund_failed(\{[^}]*\})? [1-9]/m);
    const settled = await api.post(`/api/payments/${payment.id}/refunds/${refused.id}/settle`, {}, admin);
    assert.deepEqual([settled.status, settled.body.status], [200, 'refunded']);
  });

  it('more than a body may have, and another kind of body, are refused unread', async () => {
    const large = signed(JSON.stringify({ padding: 'x'.repeat(300 * 1024) }));
    assert.equal((await send(large)).status, 413);
    const { body, headers } = shop().stripe.event('customer.created', {});
    const typed = { ...headers, 'content-type': 'text/plain' };
    assert.equal((await send({ body, headers: typed })).status, 415);
  });

  it('the secret of the webhook, and what lets a customer pay, are in no log', async () => {
    const orderId = await asked();
    const { client_secret: secret } = shop().stripe.intentOf(orderId);
    const { body } = await shop().api.get(`/api/orders/${orderId}`, shop().admin);
    assert.equal(body.payment, null, 'it is for the customer alone');
    assert.equal((await payments(orderId))[0].action, null);
    assert.equal((await read(orderId)).payment.action.clientSecret, secret);
    await shop().api.post(`/api/orders/${orderId}/cancel`, {}, shop().alice.token);
    await atRest(orderId);
    assert.ok(!shop().shop.output.includes(StripeFake.WEBHOOK_SECRET));
    assert.ok(!shop().shop.output.includes(secret));
  });
}

/** The metrics of the process that hosts payments. */
async function metricsOf({ shop, api, isSplit }: ProbedShop): Promise<string[]> {
  if (!isSplit) return [(await api.get('/metrics')).body];
  const response = await fetch(`${shop.addressOf('payments').http}/metrics`);
  return [await response.text()];
}
