import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { until } from '@fissile/kit/testing';
import { CONTEXTS } from '#contracts';
import { Api, type Json } from '../harness/api.js';
import { findTexts } from '../harness/find-text.js';
import { reconcile } from '../harness/reconcile.js';
import { Shop } from '../harness/shop.js';
import { RunningProvider } from './running-provider.js';

/** An erasure asks every context again after a minute. */
const ERASED_WITHIN_MS = 240_000;

describe('A person of an OpenID provider in a shop of a process for each context', () => {
  const id = randomUUID();
  /** What the provider says of them, and what they wrote themselves. */
  const person = { sub: `directory|${id}`, email: `ada.${id}@people.example`, name: `Ada ${id.slice(0, 8)}` };
  const texts = [person.email, person.name, person.sub, encodeURIComponent(person.email)];
  let provider: RunningProvider;
  let shop: Shop;
  let api: Api;
  let admin: string;
  let userId: string;
  let orderId: string;

  before(async () => {
    provider = await RunningProvider.start();
    shop = await Shop.start({ env: { ...provider.env, TOPOLOGY: 'split', LOG_LEVEL: 'trace' } });
    api = new Api(shop);
    admin = await api.admin();
    const productId = await api.product(admin, { stock: 5 });
    const placed = await api.placeOrder(await tokenOf(0), [{ productId, quantity: 2 }], {
      key: `key-of-${person.email}`,
    });
    assert.equal(placed.body.status, 'confirmed', JSON.stringify(placed.body));
    ({ id: orderId, userId } = placed.body);
    const refund = { amountMinor: 500, reason: `${person.name} was not content` };
    const refunded = await api.post(`/api/payments/${placed.body.paymentId}/refunds`, refund, admin);
    assert.equal(refunded.status, 201, JSON.stringify(refunded.body));
  });

  after(async () => {
    await shop?.close();
    await provider?.goAway();
  });

  /** @param signedInAgo how long ago they showed who they are, in seconds */
  const tokenOf = (signedInAgo: number | undefined): Promise<string> =>
    provider.sign({
      ...person,
      ...(signedInAgo !== undefined && { auth_time: Math.floor(Date.now() / 1000) - signedInAgo }),
    });

  const erase = (token: string, body: unknown = {}) => api.call('DELETE', '/api/users/me', { token, body });

  const erasures = async (): Promise<Json[]> => {
    const { items } = (await api.get('/api/admin/sagas?context=users', admin)).body;
    return items.filter(({ name, subject }: Json) => name === 'erase-account' && subject === userId);
  };

  it('exports what every context keeps of them', async () => {
    const { status, body } = await api.get('/api/users/me/export', await tokenOf(undefined));
    assert.equal(status, 200, JSON.stringify(body));
    const { contexts } = body;
    assert.equal(body.userId, userId);
    assert.deepEqual(Object.keys(contexts).sort(), [...CONTEXTS].sort());
    assert.deepEqual(contexts.users.account, []);
    assert.equal(contexts.orders.orders[0].id, orderId);
    assert.equal(contexts.orders.idempotencyKeys[0].key, `key-of-${person.email}`);
    assert.match(contexts.payments.payments[0].refunds[0].reason, /was not content/);
  });

  it('is erased by nobody who has not signed in lately, where the provider says when', async () => {
    const refused = await erase(await tokenOf(3_600));
    assert.deepEqual([refused.status, refused.body.code], [403, 'sign_in_too_old']);
    assert.deepEqual(refused.body.details, { maxAgeSeconds: 600 });
    assert.deepEqual(await erasures(), []);
    const own = await api.customer();
    assert.equal((await erase(own.token)).status, 400, 'who has an account gives its password');
  });

  it('needs the password of an account that they have here too', async () => {
    const { id: sub, password } = await api.customer();
    const token = await provider.sign({ sub, auth_time: Math.floor(Date.now() / 1000) });
    const refused = await erase(token);
    assert.deepEqual([refused.status, refused.body.errors?.[0]?.path], [400, 'password']);
    assert.equal((await erase(token, { password })).status, 202);
    assert.equal((await erase(token)).status, 202, 'what they left since by the provider goes too');
  });

  it('is erased in every context, once for as long as it goes on', async () => {
    assert.ok((await findTexts(shop, texts)).includes('payments.refunds.reason'));
    for (const token of [await tokenOf(0), await tokenOf(undefined)]) {
      const erased = await erase(token);
      assert.equal(erased.status, 202, JSON.stringify(erased.body));
      assert.deepEqual(erased.body, { userId, status: 'erasing' });
    }
    assert.equal((await erasures()).length, 1);
    await until(
      'the erasure has ended',
      async () => (await erasures())[0].status === 'completed',
      ERASED_WITHIN_MS,
    );
    assert.deepEqual(await findTexts(shop, texts), []);
  });

  it('leaves orders in books that are right, which the id of the provider still leads to', async () => {
    const { body: order } = await api.get(`/api/orders/${orderId}`, admin);
    assert.deepEqual([order.userId, order.status], [userId, 'confirmed']);
    const { items } = (await api.get('/api/admin/audit?context=users&limit=100', admin)).body;
    assert.ok(items.some(({ action, subject }: Json) => action === 'user.erased' && subject === userId));
    const again = await api.get('/api/orders', await tokenOf(0));
    assert.deepEqual(
      again.body.items.map((one: Json) => one.id),
      [orderId],
    );
    const { code, output } = await reconcile(shop);
    assert.equal(code, 0, output);
  });
});
