import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Api, type Json } from '../harness/api.js';
import { MailServer } from '../harness/mail-server.js';
import { Shop } from '../harness/shop.js';
import { until } from '@fissile/kit/testing';

const PUBLIC_URL = 'https://www.shop.example';

describe('Notifications', () => {
  let mailServer: MailServer;
  let shop: Shop;
  let api: Api;

  before(async () => {
    mailServer = await MailServer.start();
    const env = { SMTP_URL: mailServer.url, EMAIL_VERIFICATION: 'on', PUBLIC_URL };
    shop = await Shop.start({ env });
    api = new Api(shop);
  });

  after(async () => {
    await shop.close();
    await mailServer.close();
  });

  /** The token of the mail with the subject, once it has arrived. */
  const tokenFor = async (email: string, subject: string) => {
    const link = await mailServer.linkFor(email, subject);
    assert.equal(link.origin, PUBLIC_URL);
    return link.hash.replace(/^#[a-z-]+=/, '');
  };
  const listedFor = async (token: string) => (await api.get('/api/notifications', token)).body.items;

  it('the owner of an address takes it from who registered it first, whose text it never gets', async () => {
    const admin = await api.admin();
    const email = `${randomUUID()}@customers.example`;
    const name = 'Your parcel is held. Pay at https://evil.example';
    const registered = await api.post('/api/users', { email, password: 'the password of a squatter', name });
    assert.equal(registered.body.emailVerified, false);
    const squatter = await api.login(email, 'the password of a squatter');
    const productId = await api.product(admin, { stock: 1, priceMinor: 1_999 });
    await api.placeOrder(squatter, [{ productId, quantity: 1 }], { method: 'pm_card_declined' });
    await until('both are listed', async () => (await listedFor(squatter)).length === 2);
    assert.deepEqual(
      (await listedFor(squatter)).map(({ status }: Json) => status),
      ['withheld', 'withheld'],
    );
    await tokenFor(email, 'Confirm your email address');
    const headers = { 'x-forwarded-host': 'evil.example' };
    await api.call('POST', '/api/auth/password-reset', { body: { email }, headers });
    const token = await tokenFor(email, 'Choose a new password');
    const set = () =>
      api.post('/api/auth/password-reset/confirm', { token, password: 'the password of its owner' });
    assert.equal((await set()).status, 204);
    assert.equal((await set()).status, 400, 'it is good once');
    assert.equal((await api.get('/api/users/me', squatter)).status, 401);
    const owner = await api.login(email, 'the password of its owner');
    assert.equal((await api.get('/api/users/me', owner)).body.emailVerified, true);
    const received = mailServer.mails.filter(({ to }) => to === email);
    assert.ok(received.every(({ text }) => !/parcel|evil/.test(text)));
  });

  it('each event is mailed once, also when the mail server was down and the shop was killed', async () => {
    const { mails } = mailServer;
    const admin = await api.admin();
    const customer = await api.customer();
    const confirmation = { token: await tokenFor(customer.email, 'Confirm your email address') };
    assert.equal((await api.post('/api/users/verification/confirm', confirmation)).status, 204);
    assert.equal((await api.post('/api/users/verification/confirm', confirmation)).status, 400);
    mailServer.isRefusing = true;
    mails.length = 0;
    const productId = await api.product(admin, { stock: 2, priceMinor: 1_999 });
    const kept = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    const given = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    await api.post(`/api/orders/${given.body.id}/cancel`, {}, customer.token);
    const expected = [
      `Your order ${kept.body.id.slice(-8)} is confirmed`,
      `Your order ${given.body.id.slice(-8)} is confirmed`,
      'We have refunded $19.99',
      `Your order ${given.body.id.slice(-8)} is cancelled`,
    ].sort();
    // The welcome came before the address was verified.
    const listed = async () =>
      (await listedFor(customer.token)).filter(({ status }: Json) => status !== 'withheld');
    await until('all notifications are listed', async () => (await listed()).length === expected.length);
    assert.deepEqual(mails, [], 'the mail server has refused so far');
    await shop.kill();
    mailServer.isRefusing = false;
    await shop.run();
    await until(
      'all mails have arrived',
      () => mails.filter(({ to }) => to === customer.email).length >= expected.length,
      150_000,
    );
    await until('all are marked as sent', async () =>
      (await listed()).every((item: { status: string }) => item.status === 'sent'),
    );
    const received = mails.filter(({ to }) => to === customer.email);
    assert.deepEqual(received.map(({ subject }) => subject).sort(), expected);
    assert.equal(new Set(received.map(({ messageId }) => messageId)).size, expected.length);
    const [newest] = await listed();
    assert.deepEqual(Object.keys(newest).sort(), [
      'channel',
      'createdAt',
      'id',
      'orderId',
      'status',
      'subject',
      'to',
      'type',
    ]);
  });
});
