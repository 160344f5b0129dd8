import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { brokerSettings, brokerUrl, queryServer, until } from '@fissile/kit/testing';
import { CONTEXTS } from '#contracts';
import { Api, type Json } from '../harness/api.js';
import { findTexts } from '../harness/find-text.js';
import { MailServer } from '../harness/mail-server.js';
import { reconcile } from '../harness/reconcile.js';
import { Shop } from '../harness/shop.js';

/** An erasure asks every context again after a minute, and waits for one that is away. */
const ERASED_WITHIN_MS = 240_000;

/** Somebody whose address and name are found in anything that keeps them. */
function newPerson() {
  const id = randomUUID();
  return {
    email: `ada.${id}@people.example`,
    name: `Ada ${id.slice(0, 8)}`,
    password: 'correct horse battery staple',
  };
}

describe('A person in a shop of a process for each context', () => {
  const person = newPerson();
  /** Also as it may be written in addresses, logs and ids. */
  const texts = [person.email, person.name, encodeURIComponent(person.email)];
  let mailServer: MailServer;
  let shop: Shop;
  let api: Api;
  let admin: string;
  let token: string;
  let userId: string;
  let orderId: string;

  before(async () => {
    mailServer = await MailServer.start();
    const bus = brokerUrl('nats') ? { ...brokerSettings(), EVENT_BUS: 'nats' } : { EVENT_BUS: 'direct' };
    shop = await Shop.start({
      env: {
        TOPOLOGY: 'split',
        ...bus,
        SMTP_URL: mailServer.url,
        LOG_LEVEL: 'trace',
        CALL_TIMEOUT_MS: '5000',
      },
    });
    api = new Api(shop);
    admin = await api.admin();
    await live();
  });

  after(async () => {
    await shop.close();
    await mailServer.close();
  });

  /** Leaves traces wherever a customer does, and puts address and name where a client can. */
  async function live(): Promise<void> {
    const registered = await api.post('/api/users', person, undefined, {
      'x-request-id': `of-${person.email}`,
    });
    assert.equal(registered.status, 201, JSON.stringify(registered.body));
    userId = registered.body.id;
    await api.post('/api/auth/login', { email: person.email, password: 'not this one at all' });
    token = await api.login(person.email, person.password);
    const productId = await api.product(admin, { stock: 5 });
    const placed = await api.placeOrder(token, [{ productId, quantity: 2 }], {
      key: `key-of-${person.email}`,
    });
    assert.equal(placed.body.status, 'confirmed', JSON.stringify(placed.body));
    orderId = placed.body.id;
    const refund = { amountMinor: 500, reason: `${person.name} was not content` };
    const refunded = await api.post(`/api/payments/${placed.body.paymentId}/refunds`, refund, admin);
    assert.equal(refunded.status, 201, JSON.stringify(refunded.body));
    await api.post('/api/auth/password-reset', { email: person.email });
    await until('the mails have arrived', () => mailServer.mails.filter(isTheirs).length >= 4);
  }

  const isTheirs = ({ to }: { to: string }): boolean => to === person.email;
  const sagaOfErasure = async (): Promise<Json> => {
    const { items } = (await api.get('/api/admin/sagas?context=users', admin)).body;
    const { id } = items.find(({ subject, name }: Json) => name === 'erase-account' && subject === userId);
    return (await api.get(`/api/admin/sagas/${id}`, admin)).body;
  };
  /** Waits for an attempt of a step of the erasure. */
  const isAt = (step: string, status: string): Promise<unknown> =>
    until(`${step} is ${status}`, async () => {
      const { steps } = await sagaOfErasure();
      return steps.some((attempt: Json) => attempt.name === step && attempt.status === status);
    });

  /** As a request does that was under way when the account was erased. No call that came late can be what deletes it. */
  const writeLate = (): Promise<object[]> =>
    queryServer(
      shop.databaseServerUrl,
      `INSERT INTO idempotency_keys (user_id, key, request_hash, order_id) VALUES ($1, $2, '', $3)`,
      [userId, `late-key-of-${person.email}`, orderId],
      `${shop.databasePrefix}_orders`,
    );

  it('leaves traces that the search finds', async () => {
    const found = await findTexts(shop, texts);
    for (const place of [
      'notifications.notifications.recipient',
      'notifications.notifications.body',
      'orders.idempotency_keys.key',
      'orders.sagas.data',
      'payments.refunds.reason',
      'users.account_mails.recipient',
      'users.users.email',
      'users.users.name',
    ]) {
      assert.ok(found.includes(place), `${place} is among ${found.join(', ')}`);
    }
  });

  it('exports what every context keeps', async () => {
    const { status, body, headers } = await api.get('/api/users/me/export', token);
    assert.equal(status, 200, JSON.stringify(body));
    assert.match(headers.get('cache-control') ?? '', /no-store/);
    const { contexts } = body;
    assert.deepEqual(Object.keys(contexts).sort(), [...CONTEXTS].sort());
    assert.equal(contexts.users.account[0].email, person.email);
    assert.ok(contexts.users.sessions.length > 0);
    assert.ok(contexts.users.audit.some(({ action }: Json) => action === 'login.failed'));
    assert.equal(contexts.orders.orders[0].id, orderId);
    assert.equal(contexts.orders.idempotencyKeys[0].key, `key-of-${person.email}`);
    assert.equal(contexts.payments.payments[0].orderId, orderId);
    assert.match(contexts.payments.payments[0].refunds[0].reason, /was not content/);
    assert.ok(contexts.notifications.notifications.length >= 3);
  });

  it('is erased while a context is away, and all of it once that is back', async () => {
    shop.signal('notifications', 'SIGSTOP');
    const { status, body, headers } = await api.get('/api/users/me/export', token);
    assert.equal(status, 503, JSON.stringify(body));
    assert.equal(body.details.context, 'notifications');
    assert.ok(Number(headers.get('retry-after')) > 0);
    const erased = await api.call('DELETE', '/api/users/me', { token, body: { password: person.password } });
    assert.equal(erased.status, 202, JSON.stringify(erased.body));
    assert.deepEqual(erased.body, { userId, status: 'erasing' });
    assert.equal((await api.get('/api/orders', token)).status, 401);
    const { password } = person;
    assert.equal((await api.post('/api/auth/login', { email: person.email, password })).status, 401);
    await isAt('forget-in-notifications', 'failed');
    assert.equal((await sagaOfErasure()).status, 'running');
    shop.signal('notifications', 'SIGCONT');
    await isAt('let-latecomers-end', 'running');
    await writeLate();
    await until(
      'the erasure has ended',
      async () => (await sagaOfErasure()).status === 'completed',
      ERASED_WITHIN_MS,
    );
    assert.deepEqual(await findTexts(shop, texts), []);
  });

  it('is a pseudonym in books that are right, and in the audit log, without where they were', async () => {
    const { body: order } = await api.get(`/api/orders/${orderId}`, admin);
    assert.deepEqual([order.userId, order.status], [userId, 'confirmed']);
    const { body: user } = await api.get(`/api/users/${userId}`, admin);
    assert.deepEqual([user.email, user.status], [`${userId}@erased.invalid`, 'disabled']);
    const { items } = (await api.get('/api/admin/audit?context=users&limit=100', admin)).body;
    const theirs = items.filter(({ subject, userId: actor }: Json) => subject === userId || actor === userId);
    assert.ok(theirs.some(({ action }: Json) => action === 'login.succeeded'));
    assert.ok(theirs.some(({ action }: Json) => action === 'user.erased'));
    assert.deepEqual(
      theirs.filter(({ source, clientRequestId }: Json) => source !== null || clientRequestId !== null),
      [],
    );
    const { code, output } = await reconcile(shop);
    assert.equal(code, 0, output);
  });

  it('can register again, and is somebody else', async () => {
    const { status, body } = await api.post('/api/users', person);
    assert.equal(status, 201, JSON.stringify(body));
    assert.notEqual(body.id, userId);
    const again = await api.login(person.email, person.password);
    assert.deepEqual((await api.get('/api/orders', again)).body.items, []);
  });
});
