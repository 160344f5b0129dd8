import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { v7 as uuidv7 } from 'uuid';
import { ContextError, type EventEnvelope, type EventType } from '@fissile/kit/contract';
import { OrderCancelled, OrderConfirmed } from '#contracts/orders';
import { PaymentRefunded } from '#contracts/payments';
import { UserRegistered, UserRegisteredV1, type Users } from '#contracts/users';
import { MailSettings, MailTransport } from '@fissile/kit/mail';
import {
  MESSAGING_MIGRATIONS,
  DeadLetters,
  type EventBus,
  Inbox,
  unreadMessagingMetrics,
} from '@fissile/kit/messaging';
import { openTestDatabase, type TestDatabase, unreadCounter, until } from '@fissile/kit/testing';
import { NotificationEntity } from './data/notification.entity.js';
import { NotificationRepository } from './data/notification-repository.js';
import { NOTIFICATIONS_MIGRATIONS } from './data/notifications.migration.js';
import { Delivery } from './delivery.js';
import { DeliveryMetrics } from './delivery-metrics.js';
import { Mailer } from './mailer.js';
import { Notifier } from './notifier.js';

interface Mail {
  readonly to: readonly string[];
  readonly text: string;
}

/** The delay before the first retry; later retries wait longer. */
const RETRY_AFTER_MS = 2_000;

/** A mail server on its own port that keeps the messages it receives. */
class MailBox {
  readonly mails: Mail[] = [];
  refusesUs = false;
  /** The response that rejects a recipient. */
  readonly refusals = new Map<string, Error>();
  private server = this.create();
  port = 0;

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
    this.server = this.create();
  }

  private create(): SMTPServer {
    return new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      closeTimeout: 100,
      onMailFrom: (_from, _session, done) => done(this.refusesUs ? new Error('not from you') : null),
      onRcptTo: ({ address }, _session, done) => done(this.refusals.get(address)),
      onData: (stream, session, done) => {
        void stream.toArray().then((chunks: Buffer[]) => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          this.mails.push({ to, text: Buffer.concat(chunks).toString() });
          done();
        });
      },
    });
  }
}

function headerOf({ text }: Mail, name: string): string | undefined {
  const [head = ''] = text.split('\r\n\r\n');
  return new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1];
}

describe('Notifications', () => {
  const mailBox = new MailBox();
  let opened: TestDatabase;
  let inbox: Inbox;
  let delivery: Delivery;
  const running: { readonly delivery: Delivery; readonly transport: MailTransport }[] = [];
  let contactName: string;
  let contactEmail: string;
  let emailVerified: boolean | undefined;
  let usersAway = false;
  const withoutAccount = new Set<string>();
  const outcomes: string[] = [];
  /** The transactions that were open while `users` was called. */
  const openWhileAsked: unknown[] = [];
  const openTransactions = () =>
    opened.database.query(
      `SELECT query FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'`,
    );

  before(async () => {
    opened = await openTestDatabase({
      entities: [NotificationEntity],
      migrations: [...MESSAGING_MIGRATIONS, ...NOTIFICATIONS_MIGRATIONS],
    });
    await mailBox.open();
  });
  beforeEach(async () => {
    contactName = 'Ada';
    contactEmail = 'ada@example.com';
    emailVerified = true;
    mailBox.mails.length = 0;
    await opened.database.query('TRUNCATE notifications, inbox, dead_letters');
    start(smtpUrl());
  });
  afterEach(async () => {
    await Promise.all(running.map((each) => each.delivery.onModuleDestroy()));
    for (const { transport } of running.splice(0)) transport.onApplicationShutdown();
  });
  after(async () => {
    await mailBox.close();
    await opened.close();
  });

  /** As a process that hosts the context does. */
  function start(smtpUrl: string | undefined): void {
    const { database } = opened;
    const given = { SMTP_URL: smtpUrl, SMTP_FROM: 'Shop <shop@example.com>' };
    const settings = new MailSettings(given as MailSettings);
    const transport = new MailTransport(settings);
    const mailer = new Mailer(transport);
    const repository = new NotificationRepository(database);
    const bus: EventBus = { system: 'stub', publish: async () => undefined, subscribe: () => undefined };
    const getContact = async ({ userId }: { userId: string }) => {
      openWhileAsked.push(...(await openTransactions()));
      if (usersAway) throw ContextError.of('unavailable');
      return { userId, email: contactEmail, name: contactName, emailVerified };
    };
    const getContacts = async ({ userIds }: { userIds: string[] }) => ({
      contacts: await Promise.all(
        userIds.filter((userId) => !withoutAccount.has(userId)).map((userId) => getContact({ userId })),
      ),
    });
    const users: Pick<Users, 'getContact' | 'getContacts'> = { getContact, getContacts };
    const metrics = new DeliveryMetrics(unreadCounter('outcome'));
    mock.method(metrics, 'count', (outcome: string) => outcomes.push(outcome));
    delivery = new Delivery(repository, mailer, metrics);
    running.push({ delivery, transport });
    inbox = new Inbox(database, bus, new DeadLetters(database), unreadMessagingMetrics());
    new Notifier(inbox, users as Users, repository, delivery, metrics).onModuleInit();
    delivery.onApplicationBootstrap();
  }

  function eventOf<Data>(type: EventType<string, Data>, data: Data): EventEnvelope<Data> {
    return {
      specversion: '1.0',
      id: uuidv7(),
      source: '/test',
      type: type.name,
      subject: type.key(data),
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
    };
  }

  const smtpUrl = () => `smtp://127.0.0.1:${mailBox.port}`;
  const total = { amountMinor: 1_999, currency: 'USD' };
  const confirmed = () => eventOf(OrderConfirmed, { orderId: uuidv7(), userId: uuidv7(), total });
  const allSent = () =>
    until('all are marked as sent', async () => {
      const [row] = await opened.database.query<{ done: boolean }>(
        `SELECT count(*) > 0 AND bool_and(status = 'sent') AS done FROM notifications`,
      );
      return row?.done;
    });
  const makeDue = async () => {
    // A message in flight becomes due again later than that, and must not be sent twice.
    await opened.database.query(
      `UPDATE notifications SET due_at = now() WHERE due_at < now() + interval '25 seconds'`,
    );
    delivery.wake();
  };

  it('sends a separate mail for each kind of event', async () => {
    const ids = { orderId: uuidv7(), userId: uuidv7() };
    const short = ids.orderId.slice(-8);
    const reason = { code: 'payment_declined', message: 'The payment was declined' };
    const refund = { paymentId: uuidv7(), refundId: uuidv7(), amount: { amountMinor: 500, currency: 'USD' } };
    await inbox.deliver(eventOf(UserRegistered, { userId: ids.userId }));
    await inbox.deliver(eventOf(OrderConfirmed, { ...ids, total }));
    await inbox.deliver(eventOf(OrderCancelled, { ...ids, total, reason }));
    await inbox.deliver(eventOf(PaymentRefunded, { ...ids, ...refund }));
    await allSent();
    assert.equal(mailBox.mails.length, 4);
    const subjects = Object.fromEntries(
      mailBox.mails.map((mail) => [headerOf(mail, 'Subject'), mail.to.join()]),
    );
    assert.deepEqual(subjects, {
      'Welcome to the shop': 'ada@example.com',
      [`Your order ${short} is confirmed`]: 'ada@example.com',
      [`Your order ${short} is cancelled`]: 'ada@example.com',
      'We have refunded $5.00': 'ada@example.com',
    });
  });

  it('skips a user of an external provider, whose address is not known, and leaves no dead letter', async () => {
    const event = confirmed();
    withoutAccount.add(event.data.userId);
    await inbox.deliver(event);
    await inbox.deliver(event);
    assert.deepEqual(
      outcomes.filter((outcome) => outcome === 'no_address'),
      ['no_address'],
    );
    const [counts] = await opened.database.query(
      'SELECT (SELECT count(*) FROM notifications)::int AS mails, (SELECT count(*) FROM dead_letters)::int AS dead',
    );
    assert.deepEqual(counts, { mails: 0, dead: 0 });
  });

  it('has no transaction open while it queries the customer', async () => {
    openWhileAsked.length = 0;
    await Promise.all(Array.from({ length: 3 }, () => inbox.deliver(confirmed())));
    await allSent();
    assert.equal(mailBox.mails.length, 3);
    assert.deepEqual(openWhileAsked, []);
  });

  it('an event that is delivered again sends nothing again', async () => {
    const event = confirmed();
    await inbox.deliver(event);
    await allSent();
    await inbox.deliver(event);
    await Promise.all([inbox.deliver(event), inbox.deliver(event)]);
    const other = confirmed();
    await inbox.deliver(other);
    await allSent();
    const messageIds = mailBox.mails.map((mail) => headerOf(mail, 'Message-ID'));
    assert.deepEqual(messageIds, [`<${event.id}@fissile>`, `<${other.id}@fissile>`]);
  });

  it('a mail waits while the server is down, and is sent once it is back', async () => {
    await mailBox.close();
    const begun = performance.now();
    await inbox.deliver(confirmed());
    const { attempts } = await until('the next try is put off', async () => {
      const [row] = await opened.database.query<{ attempts: number }>(
        `SELECT attempts FROM notifications
         WHERE attempts > 0 AND due_at BETWEEN now() AND now() + interval '25 seconds'`,
      );
      return row;
    });
    const mostTries = 1 + Math.floor((performance.now() - begun) / RETRY_AFTER_MS);
    assert.ok(attempts <= mostTries, `${attempts} tries`);
    await mailBox.open();
    await makeDue();
    await allSent();
    assert.equal(mailBox.mails.length, 1);
  });

  it('a mail to an unknown mailbox is abandoned, and one that is rejected for another reason is not', async () => {
    for (const [address, responseCode, reason] of [
      ['nobody@example.com', 550, '5.1.1 No such user'],
      ['full@example.com', 452, '4.2.2 The mailbox is full'],
      ['foreign@example.com', 550, '5.7.1 Relaying denied'],
    ] as const) {
      mailBox.refusals.set(address, Object.assign(new Error(reason), { responseCode }));
      contactEmail = address;
      await inbox.deliver(eventOf(UserRegistered, { userId: uuidv7() }));
    }
    const states = () =>
      opened.database.query(
        'SELECT recipient, status FROM notifications WHERE attempts > 0 ORDER BY recipient',
      );
    await until('all have been tried', async () => {
      const { length } = await opened.database.query(
        `SELECT FROM notifications WHERE status = 'refused' OR (attempts > 0 AND due_at < now() + interval '25 seconds')`,
      );
      return length === 3;
    });
    assert.deepEqual(await states(), [
      { recipient: 'foreign@example.com', status: 'pending' },
      { recipient: 'full@example.com', status: 'pending' },
      { recipient: 'nobody@example.com', status: 'refused' },
    ]);
    mailBox.refusals.clear();
    await makeDue();
    await until('the others are sent', () => mailBox.mails.length >= 2);
    assert.deepEqual(mailBox.mails.map(({ to }) => to.join()).sort(), [
      'foreign@example.com',
      'full@example.com',
    ]);
  });

  it('no mail is abandoned because the server rejects us', async () => {
    mailBox.refusesUs = true;
    await inbox.deliver(confirmed());
    await until('it has been tried', async () => {
      const { length } = await opened.database.query(
        `SELECT FROM notifications WHERE status <> 'pending' OR due_at BETWEEN now() AND now() + interval '25 seconds'`,
      );
      return length === 1;
    });
    mailBox.refusesUs = false;
    await makeDue();
    await allSent();
    assert.equal(mailBox.mails.length, 1);
  });

  it('two processes do not send the same mail', async () => {
    const first = delivery;
    start(smtpUrl());
    await Promise.all(Array.from({ length: 30 }, () => inbox.deliver(confirmed())));
    first.wake();
    await allSent();
    assert.equal(mailBox.mails.length, 30);
  });

  it('nothing in a name or an address becomes a header or another recipient', async () => {
    contactEmail = 'eve@example.com\r\nBcc: victim@example.com';
    contactName = 'Eve\r\nBcc: victim@example.com';
    await inbox.deliver(eventOf(UserRegistered, { userId: uuidv7() }));
    contactEmail = 'ada@example.com';
    await inbox.deliver(confirmed());
    await until('the harmless one arrives', () =>
      mailBox.mails.some((mail) => headerOf(mail, 'Subject')?.includes('is confirmed')),
    );
    for (const mail of mailBox.mails) {
      assert.equal(headerOf(mail, 'Bcc'), undefined);
      assert.ok(mail.to.every((address) => !address.includes('victim')));
    }
  });

  it('an event waits while the address cannot be looked up', async () => {
    const event = confirmed();
    usersAway = true;
    await assert.rejects(inbox.deliver(event));
    usersAway = false;
    await inbox.deliver(event);
    await allSent();
    assert.equal(mailBox.mails.length, 1);
  });

  it('without a mail server the message is in the list alone', async () => {
    await delivery.onModuleDestroy();
    start(undefined);
    const event = confirmed();
    await inbox.deliver(event);
    await allSent();
    const { userId } = event.data;
    const [notification] = await new NotificationRepository(opened.database).list({ userId }, { limit: 2 });
    assert.equal(notification?.type, 'orders.confirmed.v1');
    assert.deepEqual(mailBox.mails, []);
  });

  it('are found by address, order and state, with the number of attempts and when they were sent', async () => {
    const notifications = new NotificationRepository(opened.database);
    const [first, second] = [confirmed(), confirmed()];
    await inbox.deliver(first);
    contactEmail = 'nobody@example.com';
    const noMailbox = Object.assign(new Error('5.1.1 No such user'), { responseCode: 550 });
    mailBox.refusals.set(contactEmail, noMailbox);
    await inbox.deliver(second);
    await until('one is refused', async () => {
      const { length } = await notifications.list({ status: 'refused' }, { limit: 9 });
      return length === 1;
    });
    await until('one is sent', async () => {
      const { length } = await notifications.list({ status: 'sent' }, { limit: 9 });
      return length === 1;
    });
    const find = async (filter: Parameters<typeof notifications.list>[0]) =>
      (await notifications.list(filter, { limit: 9 })).map(({ orderId }) => orderId);
    assert.deepEqual(await find({ recipient: 'ada@example.com' }), [first.data.orderId]);
    assert.deepEqual(await find({ recipient: contactEmail }), [second.data.orderId]);
    assert.deepEqual(await find({ orderId: second.data.orderId }), [second.data.orderId]);
    assert.deepEqual(await find({}), [second.data.orderId, first.data.orderId], 'newest first');
    const [sent] = await notifications.list({ status: 'sent' }, { limit: 1 });
    assert.deepEqual([sent?.attempts, sent?.sentAt instanceof Date], [1, true]);
    const [refused] = await notifications.list({ status: 'refused' }, { limit: 1 });
    assert.equal(refused?.sentAt, null);
  });

  it('go to no address that was not verified, and say so', async () => {
    emailVerified = false;
    await inbox.deliver(eventOf(UserRegistered, { userId: uuidv7() }));
    await inbox.deliver(confirmed());
    const rows = await opened.database.query<{ status: string }>('SELECT status FROM notifications');
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['withheld', 'withheld'],
    );
    emailVerified = true;
    await inbox.deliver(confirmed());
    await until('one mail has arrived', () => mailBox.mails.length > 0);
    assert.equal(mailBox.mails.length, 1);
  });

  it('greet who registered with an earlier version of users, at the address of the account', async () => {
    const userId = uuidv7();
    await inbox.deliver(eventOf(UserRegisteredV1, { userId, email: 'typed@example.com', name: 'Typed' }));
    await allSent();
    assert.deepEqual(
      mailBox.mails.map(({ to }) => to.join()),
      ['ada@example.com'],
    );
  });

  it('are sent as before while the users context is of a version that verifies no address', async () => {
    emailVerified = undefined;
    await inbox.deliver(confirmed());
    await allSent();
  });
});
