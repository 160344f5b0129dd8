import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { queryServer, until } from '@fissile/kit/testing';
import { Api, type Customer, type Json } from '../harness/api.js';
import { Shop } from '../harness/shop.js';
import { StripeFake } from '../harness/stripe-fake.js';

const ASKING_CARD = 'pm_card_threeDSecureRequired';
const WEBHOOK = '/api/payments/webhooks/stripe';

describe('A payment that its customer confirms to the bank', () => {
  let stripe: StripeFake;
  let shop: Shop;
  let api: Api;
  let admin: string;
  let customer: Customer;
  let productId: string;

  before(async () => {
    stripe = await StripeFake.start();
    const env = {
      PAYMENT_PROVIDER: 'stripe',
      STRIPE_SECRET_KEY: StripeFake.SECRET_KEY,
      STRIPE_WEBHOOK_SECRET: StripeFake.WEBHOOK_SECRET,
      STRIPE_API_URL: stripe.url,
      PAYMENT_POLL_SECONDS: '1',
    };
    shop = await Shop.start({ env });
    api = new Api(shop);
    admin = await api.admin();
    customer = await api.customer();
    productId = await api.product(admin, { stock: 100, priceMinor: 1_500 });
  });

  after(async () => {
    await shop.close();
    await stripe.stop();
  });

  const place = (key?: string) =>
    api.placeOrder(customer.token, [{ productId, quantity: 1 }], {
      method: ASKING_CARD,
      ...(key !== undefined && { key }),
    });
  const read = async (id: string): Promise<Json> => (await api.get(`/api/orders/${id}`, customer.token)).body;
  /** An order as it is once the customer is asked; the answer to placing it says so too, unless the machine is slow. */
  const placeUntilAsked = async (key?: string): Promise<Json> => {
    const { status, body } = await place(key);
    assert.equal(`${status} ${body.status}`, '202 pending', JSON.stringify(body));
    return until('the customer is asked to confirm', async () => {
      const order = await read(body.id);
      return order.payment ? order : undefined;
    });
  };
  const atRest = (id: string): Promise<Json> => api.orderAtRest(id, customer.token);
  const reserved = async (): Promise<number> =>
    (await api.get(`/api/inventory/${productId}`, admin)).body.reserved;

  it('keeps the order pending with what the client needs, and confirms it although no webhook arrives', async () => {
    const before = stripe.balance;
    const body = await placeUntilAsked();
    const { client_secret: clientSecret } = stripe.intentOf(body.id);
    assert.deepEqual(body.payment.action, { type: 'use_stripe_sdk', clientSecret });
    assert.equal((await api.get(`/api/orders/${body.id}`, admin)).body.payment, null);
    const payment = (await api.get(`/api/payments/${body.payment.id}`, customer.token)).body;
    assert.deepEqual([payment.status, payment.action.clientSecret], ['pending', clientSecret]);
    stripe.authenticate(body.id, true);
    const order = await atRest(body.id);
    assert.deepEqual([order.status, order.paymentId, order.payment], ['confirmed', payment.id, null]);
    assert.equal(stripe.balance - before, 1_500);
    assert.equal((await api.get(`/api/payments/${payment.id}`, customer.token)).body.action, null);
  });

  it('charges once when the webhook, the poll and the client come at the same time', async () => {
    const before = stripe.balance;
    const body = await placeUntilAsked();
    const intent = stripe.authenticate(body.id, true);
    const event = stripe.event('payment_intent.succeeded', intent);
    await Promise.all(
      Array.from({ length: 20 }, () =>
        api.call('POST', WEBHOOK, { body: event.body, headers: event.headers }),
      ),
    );
    assert.equal((await atRest(body.id)).status, 'confirmed');
    assert.equal(stripe.balance - before, 1_500);
  });

  it('answers the same request again with the same order and the same secret', async () => {
    const first = await placeUntilAsked('once');
    const again = await place('once');
    assert.deepEqual([again.status, again.body], [202, first]);
    stripe.authenticate(first.id, true);
    assert.equal((await atRest(first.id)).status, 'confirmed');
    assert.equal((await place('once')).body.id, first.id);
  });

  it('ends in a cancelled order when the customer fails, and one that cannot be paid any more', async () => {
    const body = await placeUntilAsked();
    const intent = stripe.authenticate(body.id, false);
    const { status, reason } = await atRest(body.id);
    assert.deepEqual([status, reason.code], ['cancelled', 'payment_declined']);
    assert.equal(intent.status, 'canceled');
    assert.equal(await reserved(), await confirmedUnits());
  });

  it('ends at once when its customer cancels the order', async () => {
    const body = await placeUntilAsked();
    assert.equal((await api.post(`/api/orders/${body.id}/cancel`, {}, customer.token)).status, 202);
    const { status, reason } = await atRest(body.id);
    assert.deepEqual([status, reason.code], ['cancelled', 'cancelled_by_customer']);
    assert.equal(stripe.intentOf(body.id).status, 'canceled');
  });

  it('asks the provider to repeat an event while the database of payments is away', async () => {
    const body = await placeUntilAsked();
    const event = stripe.event('payment_intent.succeeded', stripe.intentOf(body.id));
    const send = async (): Promise<number> =>
      (await api.call('POST', WEBHOOK, { body: event.body, headers: event.headers })).status;
    await paymentsDatabase(false);
    try {
      await until('the event is to be repeated', async () => (await send()) === 503);
    } finally {
      await paymentsDatabase(true);
    }
    stripe.authenticate(body.id, true);
    await until('the event is taken', async () => (await send()) === 200);
    assert.equal((await atRest(body.id)).status, 'confirmed');
  });

  it('waits through a crash of everything', async () => {
    const body = await placeUntilAsked();
    await shop.kill();
    await shop.run();
    const order = await until('the order is read', async () => {
      const found = await read(body.id);
      return found.payment ? found : undefined;
    });
    assert.deepEqual(order.payment, body.payment);
    stripe.authenticate(body.id, true);
    assert.equal((await atRest(body.id)).status, 'confirmed');
  });

  it('ends in a cancelled order with its reason when nobody confirms it in time', async () => {
    await shop.stop();
    await shop.run({ PAYMENT_ACTION_SECONDS: '1' });
    const { body } = await place();
    const { status, reason } = await atRest(body.id);
    assert.deepEqual([status, reason.code], ['cancelled', 'payment_action_expired']);
    assert.equal(stripe.intentOf(body.id).status, 'canceled');
    assert.equal(await reserved(), await confirmedUnits());
  });

  async function confirmedUnits(): Promise<number> {
    const { body } = await api.get('/api/orders?status=confirmed&limit=100', customer.token);
    return body.items.length;
  }

  /** Refuses and ends, or allows, all connections to the database of payments. */
  async function paymentsDatabase(isThere: boolean): Promise<void> {
    const name = `${shop.databasePrefix}_payments`;
    await queryServer(shop.databaseServerUrl, `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${isThere}`);
    if (isThere) return;
    const end = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1';
    await queryServer(shop.databaseServerUrl, end, [name]);
  }
});
