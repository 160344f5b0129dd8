import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { Api } from '../harness/api.js';
import { Shop } from '../harness/shop.js';
import { until } from '@fissile/kit/testing';

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly messageId: string;
}

describe('Notifications', () => {
  const mails: Mail[] = [];
  let refusing = true;
  let smtp: SMTPServer;
  let shop: Shop;
  let api: Api;

  before(async () => {
    smtp = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onMailFrom: (_address, _session, done) => done(refusing ? new Error('not now') : null),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(text)?.[1]?.trim() ?? '';
          const to = session.envelope.rcptTo.map(({ address }) => address).join();
          mails.push({ to, subject: header('Subject'), messageId: header('Message-ID') });
          done();
        });
      },
    });
    await new Promise<void>((listening) => smtp.listen(0, '127.0.0.1', listening));
    const { port } = smtp.server.address() as AddressInfo;
    shop = await Shop.start({ env: { SMTP_URL: `smtp://127.0.0.1:${port}` } });
    api = new Api(shop);
  });

  after(async () => {
    await shop.close();
    await new Promise<void>((closed) => smtp.close(closed));
  });

  it('each event is mailed once, also when the mail server was down and the shop was killed', async () => {
    const admin = await api.admin();
    const customer = await api.customer();
    const productId = await api.product(admin, { stock: 2, priceMinor: 1_999 });
    const kept = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    const given = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    await api.post(`/api/orders/${given.body.id}/cancel`, {}, customer.token);
    const expected = [
      'Welcome to the shop',
      `Your order ${kept.body.id.slice(-8)} is confirmed`,
      `Your order ${given.body.id.slice(-8)} is confirmed`,
      'We have refunded $19.99',
      `Your order ${given.body.id.slice(-8)} is cancelled`,
    ].sort();
    const listed = async () => (await api.get('/api/notifications', customer.token)).body.items;
    await until('all notifications are listed', async () => (await listed()).length === expected.length);
    assert.deepEqual(mails, [], 'the mail server has refused so far');
    await shop.kill();
    refusing = false;
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
