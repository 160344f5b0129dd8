import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { ContextError, type EventEnvelope, eventType } from '@fissile/kit/contract';
import { openTestDatabase, type TestDatabase, until } from '@fissile/kit/testing';
import { DeadLetters } from './inbox/dead-letters.js';
import type { EventHandler, EventOrder, PreparedHandler } from './inbox/event-handling.js';
import { Inbox } from './inbox/inbox.js';
import { EventBus } from './buses/event-bus.js';
import { LocalEventBus } from './buses/local-event-bus.js';
import { messagingCleanUp } from './messaging-clean-up.js';
import type { MessagingSettings } from './messaging.settings.js';
import { MESSAGING_MIGRATIONS } from './messaging.migration.js';
import { PgNotifications } from '@fissile/kit/database';
import { SubscriptionRecord } from './inbox/subscription-record.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { unreadMessagingMetrics } from './unread-messaging-metrics.js';

const Happened = eventType('tests.happened.v1', z.object({ id: z.string(), count: z.int() }), ({ id }) => id);
type Data = { id: string; count: number };

describe('Messaging', () => {
  let opened: TestDatabase;
  const stops: (() => Promise<void>)[] = [];

  before(async () => {
    opened = await openTestDatabase({ migrations: MESSAGING_MIGRATIONS });
    await opened.database.query('CREATE TABLE effects (id text, count integer)');
  });

  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await opened.database.query('TRUNCATE outbox, inbox, dead_letters, waiting_events, effects');
  });

  after(() => opened.close());

  function start(
    handler: EventHandler<Data> | PreparedHandler<Data, unknown>,
    options?: { order: EventOrder },
  ) {
    const { database } = opened;
    const bus = new LocalEventBus();
    const deadLetters = new DeadLetters(database);
    const inbox = new Inbox(database, bus, deadLetters, unreadMessagingMetrics());
    inbox.on(Happened, 'a-consumer', handler, options);
    inbox.onModuleInit();
    const outbox = new Outbox(database);
    startRelay(outbox, bus);
    return { inbox, outbox, deadLetters };
  }

  function startRelay(outbox: Outbox, bus: EventBus): OutboxRelay {
    const { database } = opened;
    const notifications = new PgNotifications(database);
    const relay = new OutboxRelay(database, bus, notifications, unreadMessagingMetrics(), outbox);
    relay.onApplicationBootstrap();
    stops.push(async () => {
      await relay.onModuleDestroy();
      await notifications.onApplicationShutdown();
    });
    return relay;
  }

  const publish = (outbox: Outbox, ...events: Data[]) =>
    opened.database.transaction(async (transaction) => {
      for (const event of events) outbox.add(transaction, Happened, event);
    });
  const effects = () => opened.database.query<Data>('SELECT id, count FROM effects');
  const record: EventHandler<Data> = async ({ data }, transaction) => {
    await transaction.query('INSERT INTO effects VALUES ($1, $2)', [data.id, data.count]);
  };

  it('have a handler for each event that the context subscribes to', () => {
    const { database } = opened;
    const deadLetters = new DeadLetters(database);
    const inbox = new Inbox(database, new LocalEventBus(), deadLetters, unreadMessagingMetrics());
    const context = { subscribes: [Happened] } as const;
    assert.throws(() => inbox.subscribe(context, 'a-consumer', {} as never), /has no handler for tests\./);
    inbox.subscribe(context, 'a-consumer', { [Happened.name]: async () => undefined });
    assert.ok(inbox.handles(Happened, 'a-consumer'));
  });

  it('delivers what was committed, and nothing that was rolled back', async () => {
    const { outbox } = start(record);
    await assert.rejects(
      opened.database.transaction(async (transaction) => {
        outbox.add(transaction, Happened, { id: 'lost', count: 1 });
        throw new Error('rolled back');
      }),
    );
    await publish(outbox, { id: 'kept', count: 1 });
    await until('the event is handled', async () => (await effects()).length > 0);
    assert.deepEqual(await effects(), [{ id: 'kept', count: 1 }]);
  });

  it('does not handle a discarded event when it is delivered again', async () => {
    let fails = true;
    const { outbox, inbox, deadLetters } = start(async (event, transaction) => {
      if (fails) throw new Error('planted');
      await record(event, transaction);
    });
    await publish(outbox, { id: 'discarded', count: 1 });
    const [letter] = await until('it is a dead letter', async () => {
      const letters = await deadLetters.list(1);
      return letters.length > 0 && letters;
    });
    await deadLetters.discard(letter?.id ?? '');
    fails = false;
    await inbox.deliver(letter?.envelope as EventEnvelope);
    assert.deepEqual(await effects(), []);
  });

  it('records since when each consumer handles an event, and forgets one that is gone', async () => {
    const { database } = opened;
    const known = () =>
      database.query<{ consumer: string; since: Date }>('SELECT consumer, since FROM inbox_subscriptions');
    const startWith = async (consumer: string) => {
      const inbox = new Inbox(
        database,
        new LocalEventBus(),
        new DeadLetters(database),
        unreadMessagingMetrics(),
      );
      inbox.on(Happened, consumer, record);
      await new SubscriptionRecord(inbox, database).onApplicationBootstrap();
      return known();
    };
    const first = await startWith('a-consumer');
    assert.deepEqual(
      first.map(({ consumer }) => consumer),
      ['a-consumer'],
    );
    assert.deepEqual(await startWith('a-consumer'), first, 'it is as old as before');
    const [other, ...more] = await startWith('another');
    assert.deepEqual([other?.consumer, more.length], ['another', 0]);
  });

  it('keeps the order of each key, also when handling fails at times', async () => {
    let calls = 0;
    const { outbox } = start(async (event, transaction) => {
      calls += 1;
      if (calls % 3 === 0) throw ContextError.of('unavailable');
      await record(event, transaction);
    });
    await publish(
      outbox,
      ...[1, 2, 3, 4].flatMap((count) => [
        { id: 'a', count },
        { id: 'b', count },
      ]),
    );
    const rows = await until('all are handled', async () =>
      (await effects()).length === 8 ? effects() : undefined,
    );
    for (const key of ['a', 'b']) {
      assert.deepEqual(
        rows.filter(({ id }) => id === key).map(({ count }) => count),
        [1, 2, 3, 4],
      );
    }
  });

  it('handles an event once in effect, however often it is delivered', async () => {
    const { inbox } = start(record);
    const envelope = envelopeOf({ id: 'a', count: 1 });
    await Promise.all([inbox.deliver(envelope), inbox.deliver(envelope), inbox.deliver(envelope)]);
    await inbox.deliver(envelope);
    assert.deepEqual(await effects(), [{ id: 'a', count: 1 }]);
  });

  it('keeps the transaction of a handler open when the handler of another event has failed', async () => {
    const faults: unknown[] = [];
    const { inbox } = start(async (event, transaction) => {
      if (event.data.id === 'bad') throw ContextError.of('unavailable');
      // Meanwhile the other handler fails, and a rollback that does not wait for this one could happen.
      for (const statement of ['SELECT 1', 'SELECT 2', 'SELECT 3']) await opened.database.query(statement);
      await record(event, transaction).catch((error: unknown) => faults.push(error));
    });
    const [bad, good] = [envelopeOf({ id: 'bad', count: 1 }), envelopeOf({ id: 'good', count: 1 })];
    const [refused, handled] = await Promise.allSettled([inbox.deliver(bad), inbox.deliver(good)]);
    assert.deepEqual([refused?.status, handled?.status], ['rejected', 'fulfilled']);
    assert.deepEqual(faults, []);
    assert.deepEqual(await effects(), [{ id: 'good', count: 1 }]);
  });

  it('prepares what a handler needs before its transaction begins', async () => {
    const open: unknown[] = [];
    const { inbox } = start({
      prepare: async ({ data }: { data: Data }) => {
        open.push(...(await openTransactions()));
        return data.count * 10;
      },
      handle: async ({ data }, transaction, prepared) => {
        await transaction.query('INSERT INTO effects VALUES ($1, $2)', [data.id, prepared]);
      },
    });
    for (const count of [1, 2, 3]) await inbox.deliver(envelopeOf({ id: 'a', count }));
    assert.deepEqual(open, []);
    assert.deepEqual((await effects()).map(({ count }) => count).sort(), [10, 20, 30]);
  });

  it('treats what cannot be prepared as what cannot be handled, unless it was handled before', async () => {
    let fault: Error | undefined;
    const { inbox, deadLetters } = start({
      prepare: async () => {
        if (fault) throw fault;
      },
      handle: (event, transaction) => record(event, transaction),
    });
    const handled = envelopeOf({ id: 'a', count: 1 });
    await inbox.deliver(handled);
    fault = ContextError.of('unavailable');
    await assert.rejects(inbox.deliver(envelopeOf({ id: 'a', count: 2 })), { code: 'unavailable' });
    fault = new Error('it is gone');
    await inbox.deliver(envelopeOf({ id: 'a', count: 3 }));
    await inbox.deliver(handled);
    const letters = await deadLetters.list(10);
    assert.deepEqual(
      letters.map(({ reason }) => reason),
      ['it is gone'],
    );
    await assert.rejects(inbox.replay(letters[0]?.id ?? ''), { code: 'dead_letter_failed_again' });
    fault = undefined;
    await inbox.replay(letters[0]?.id ?? '');
    assert.deepEqual(
      (await effects()).map(({ count }) => count),
      [1, 3],
    );
  });

  it('buries an event that does not fit its schema at once, and goes on with the next', async () => {
    const { inbox, deadLetters } = start(record);
    await inbox.deliver(envelopeOf({ id: 'a', count: 'many' }));
    await inbox.deliver({ ...envelopeOf({ id: 'b', count: 2 }), subject: 'b' });
    assert.deepEqual(await effects(), [{ id: 'b', count: 2 }]);
    const [letter] = await deadLetters.list(10);
    assert.match(letter?.reason ?? '', /do not fit the schema: count/);
  });

  it('ignores a field that it does not know, so that an event may gain one without a new version', async () => {
    const { inbox, deadLetters } = start(record);
    await inbox.deliver(envelopeOf({ id: 'a', count: 1, since: 'later' }));
    await inbox.receive(
      JSON.stringify({ ...envelopeOf({ id: 'a', count: 2, more: { deep: [1] } }), extension: 'x' }),
    );
    assert.deepEqual(await effects(), [
      { id: 'a', count: 1 },
      { id: 'a', count: 2 },
    ]);
    assert.deepEqual(await deadLetters.list(10), []);
  });

  it('buries an event that lacks a field', async () => {
    const { inbox, deadLetters } = start(record);
    await inbox.deliver(envelopeOf({ id: 'a', since: 'later' }));
    assert.deepEqual(await effects(), []);
    const [letter] = await deadLetters.list(10);
    assert.match(letter?.reason ?? '', /do not fit the schema: count/);
  });

  it('buries a version that it does not know, with the reason, and handles it once it does', async () => {
    const { inbox, deadLetters } = start(record);
    const newer = { ...envelopeOf({ id: 'a', count: 1 }), type: 'tests.happened.v2' };
    await inbox.deliver(newer);
    const [letter] = await deadLetters.list(10);
    assert.match(letter?.reason ?? '', /tests\.happened\.v2 is a version that a-consumer does not know/);
    await assert.rejects(inbox.replay(letter?.id ?? ''), { code: 'dead_letter_failed_again' });
    const Newer = eventType('tests.happened.v2', Happened.schema, Happened.key);
    inbox.on(Newer, 'a-consumer', record);
    await inbox.replay(letter?.id ?? '');
    assert.deepEqual(await effects(), [{ id: 'a', count: 1 }]);
  });

  it('buries a message that is no event once, however often it comes, and handles the next', async () => {
    const { inbox, deadLetters } = start(record);
    await inbox.receive('{ "not": ');
    await inbox.receive('{ "not": ');
    await inbox.receive(JSON.stringify({ ...envelopeOf({ id: 'a', count: 1 }), id: 'no-uuid' }));
    await inbox.receive(JSON.stringify(envelopeOf({ id: 'a', count: 2 })));
    assert.deepEqual(await effects(), [{ id: 'a', count: 2 }]);
    const reasons = (await deadLetters.list(10)).map(({ reason }) => reason);
    assert.deepEqual(reasons.length, 2);
    assert.match(reasons[0] ?? '', /not a CloudEvents envelope of ours: id Invalid UUID/);
    assert.equal(reasons[1], 'It is not JSON');
  });

  it('keeps no more than a thousand messages that are no events, and handles events all the same', async () => {
    const { inbox } = start(record);
    await opened.database.query(
      `INSERT INTO dead_letters (id, event_id, consumer, type, reason, envelope)
       SELECT gen_random_uuid(), gen_random_uuid(), 'inbox', 'unreadable', 'r', '{}' FROM generate_series(1, 999)`,
    );
    for (const message of ['one', 'two', 'three']) await inbox.receive(message);
    await inbox.receive(JSON.stringify(envelopeOf({ id: 'a', count: 1 })));
    const [row] = await opened.database.query<{ kept: number }>(
      'SELECT count(*)::integer AS kept FROM dead_letters',
    );
    assert.equal(row?.kept, 1_000);
    assert.deepEqual(await effects(), [{ id: 'a', count: 1 }]);
  });

  it('lets later events of the key wait behind a dead letter, until it is discarded', async () => {
    const { inbox, outbox, deadLetters } = start(async (event, transaction) => {
      if (event.data.count === 1) throw new Error('a bug');
      await record(event, transaction);
    });
    const waiting = async () =>
      (await opened.database.query<{ key: string }>('SELECT key FROM waiting_events')).map(({ key }) => key);
    await publish(outbox, { id: 'a', count: 1 }, { id: 'a', count: 2 }, { id: 'b', count: 3 });
    await until('the later event waits', async () => (await waiting()).length > 0);
    await until('the other key is handled', async () => (await effects()).length > 0);
    assert.equal(await inbox.handleFreed(), false);
    assert.deepEqual([await waiting(), await effects()], [['a'], [{ id: 'b', count: 3 }]]);
    const [letter] = await deadLetters.list(10);
    await deadLetters.discard(letter?.id ?? '');
    // Two processes may poll at the same time.
    await Promise.all([inbox.handleFreed(), inbox.handleFreed()]);
    assert.deepEqual([await waiting(), (await effects()).slice(1)], [[], [{ id: 'a', count: 2 }]]);
  });

  it('makes a waiting event a dead letter in its turn, behind which the next ones go on waiting', async () => {
    const { inbox, outbox, deadLetters } = start(async (event, transaction) => {
      if (event.data.count < 3) throw new Error('a bug');
      await record(event, transaction);
    });
    await publish(outbox, ...[1, 2, 3].map((count) => ({ id: 'a', count })));
    const waiting = () => opened.database.query('SELECT 1 FROM waiting_events');
    await until('two events wait', async () => (await waiting()).length === 2);
    const [first] = await deadLetters.list(10);
    await deadLetters.discard(first?.id ?? '');
    await inbox.handleFreed();
    const [second] = await deadLetters.list(10);
    assert.deepEqual((second?.envelope as { data: Data } | undefined)?.data, { id: 'a', count: 2 });
    await inbox.handleFreed();
    assert.deepEqual([(await waiting()).length, await effects()], [1, []]);
  });

  it('lets nothing wait for a consumer that needs no order', async () => {
    const handler: EventHandler<Data> = async (event, transaction) => {
      if (event.data.count === 1) throw new Error('a bug');
      await record(event, transaction);
    };
    const { outbox, deadLetters } = start(handler, { order: 'none' });
    await publish(outbox, { id: 'a', count: 1 }, { id: 'a', count: 2 });
    await until('the later event is handled', async () => (await effects()).length === 1);
    assert.equal((await deadLetters.list(10)).length, 1);
  });

  it('tells who replays a dead letter that another has replayed meanwhile', async () => {
    let broken = true;
    const { inbox, outbox, deadLetters } = start(async () => {
      if (broken) throw new Error('a bug');
    });
    await publish(outbox, { id: 'a', count: 1 });
    const [letter] = await until('it is a dead letter', async () => {
      const letters = await deadLetters.list(10);
      return letters.length > 0 ? letters : undefined;
    });
    broken = false;
    const id = letter?.id ?? '';
    // Both have read the letter before one of them removes it.
    const replays = await Promise.allSettled([inbox.replay(id), inbox.replay(id)]);
    const failed = replays.filter((replay) => replay.status === 'rejected');
    assert.deepEqual(
      failed.map(({ reason }) => (reason as ContextError).code),
      ['dead_letter_not_found'],
    );
  });

  it('buries an event that goes on failing, which can be replayed when the cause is gone', async () => {
    let broken = true;
    const { inbox, outbox, deadLetters } = start(async (event, transaction) => {
      if (broken) throw new Error('a bug');
      await record(event, transaction);
    });
    await publish(outbox, { id: 'a', count: 1 });
    const [letter] = await until('it is a dead letter', async () => {
      const letters = await deadLetters.list(10);
      return letters.length > 0 ? letters : undefined;
    });
    assert.ok(letter);
    assert.equal(letter.reason, 'a bug');
    await assert.rejects(inbox.replay(letter.id), { code: 'dead_letter_failed_again' });
    broken = false;
    await inbox.replay(letter.id);
    assert.deepEqual(await effects(), [{ id: 'a', count: 1 }]);
    assert.deepEqual(await deadLetters.list(10), []);
    await assert.rejects(deadLetters.discard(letter.id), { code: 'dead_letter_not_found' });
  });

  /** A bus that accepts the events that it is configured to accept, and records them. */
  class StubBus extends EventBus {
    readonly system = 'stub';
    readonly taken: EventEnvelope<Data>[] = [];
    refuses: (envelope: EventEnvelope<Data>) => boolean = () => false;

    async publish(envelope: EventEnvelope): Promise<void> {
      await Promise.resolve();
      if (this.refuses(envelope as EventEnvelope<Data>)) throw ContextError.of('unavailable');
      this.taken.push(envelope as EventEnvelope<Data>);
    }

    subscribe(): void {}
  }

  const countsOf = (bus: StubBus, key: string) =>
    bus.taken.filter(({ subject }) => subject === key).map(({ data }) => data.count);
  const unpublished = async () => {
    const [row] = await opened.database.query<{ count: number }>(
      'SELECT count(*)::integer FROM outbox WHERE published_at IS NULL',
    );
    return row?.count;
  };

  it('a key that cannot be published holds up nothing but itself, however much waits', async () => {
    const bus = new StubBus();
    bus.refuses = ({ subject }) => subject.startsWith('stuck');
    const outbox = new Outbox(opened.database);
    const stuck = Array.from({ length: 350 }, (_, index) => ({ id: `stuck-${index % 150}`, count: index }));
    await publish(outbox, ...stuck, { id: 'free', count: 1 });
    startRelay(outbox, bus);
    await until('the free one is out', () => countsOf(bus, 'free').length > 0);
    await publish(outbox, { id: 'free', count: 2 }, { id: 'stuck-7', count: 1_000 });
    await until('and the next', () => countsOf(bus, 'free').length === 2);
    assert.deepEqual(countsOf(bus, 'free'), [1, 2]);
    bus.refuses = () => false;
    await until('all are out', async () => (await unpublished()) === 0);
    assert.deepEqual(countsOf(bus, 'stuck-7'), [7, 157, 307, 1_000]);
  });

  it('several relays share the work, and keep the order of each key', async () => {
    const bus = new StubBus();
    let calls = 0;
    bus.refuses = () => (calls += 1) % 7 === 0;
    const outbox = new Outbox(opened.database);
    startRelay(outbox, bus);
    startRelay(new Outbox(opened.database), bus);
    startRelay(new Outbox(opened.database), bus);
    for (let count = 0; count < 40; count += 1) {
      await publish(outbox, ...Array.from({ length: 10 }, (_, key) => ({ id: `key-${key}`, count })));
    }
    await until('all are out', async () => (await unpublished()) === 0);
    for (let key = 0; key < 10; key += 1) {
      // At least once: the inbox drops an event that a concurrent relay published again.
      const firsts = [...new Set(countsOf(bus, `key-${key}`))];
      assert.deepEqual(
        firsts,
        Array.from({ length: 40 }, (_, count) => count),
      );
    }
  });

  it('a relay is woken by the commit of another process', async () => {
    const bus = new StubBus();
    startRelay(new Outbox(opened.database), bus);
    await until('it listens', async () => (await listeners()) === 1);
    const otherProcess = new PgNotifications(opened.database);
    const outbox = new Outbox(opened.database);
    outbox.onCommit(() => otherProcess.notify('outbox'));
    await publish(outbox, { id: 'a', count: 1 });
    await until('it is out', () => bus.taken.length === 1);
    await otherProcess.onApplicationShutdown();
  });

  it('a relay that is frozen in the middle does not keep its keys for ever', async () => {
    const bus = new StubBus();
    const outbox = new Outbox(opened.database);
    await publish(outbox, { id: 'a', count: 1 });
    const frozen = new StubBus();
    const thaw = Promise.withResolvers<void>();
    let begun = 0;
    frozen.publish = () => {
      begun += 1;
      return thaw.promise;
    };
    startRelay(outbox, frozen);
    await until('it is in the middle', () => begun === 1);
    startRelay(outbox, bus);
    await publish(outbox, { id: 'a', count: 2 }, { id: 'b', count: 1 });
    await until('another relay publishes another key', () => countsOf(bus, 'b').length === 1);
    assert.deepEqual(countsOf(bus, 'a'), [], 'and not this one, while its lease lasts');
    await until('another relay publishes it', () => countsOf(bus, 'a').length === 2);
    thaw.resolve();
    assert.deepEqual(countsOf(bus, 'a'), [1, 2]);
    await until('nothing is left', async () => (await unpublished()) === 0);
  });

  /**
   * Transactions that are idle and wait for their owner: an autocommit statement is in this state for a moment only.
   */
  const openTransactions = () =>
    opened.database.query(
      `SELECT state, query FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
         AND state LIKE 'idle in transaction%'`,
    );

  it('has no transaction open while the bus takes what it publishes', async () => {
    const bus = new StubBus();
    const open: unknown[] = [];
    const take = bus.publish.bind(bus);
    bus.publish = async (envelope) => {
      open.push(...(await openTransactions()));
      await take(envelope);
    };
    const outbox = new Outbox(opened.database);
    startRelay(outbox, bus);
    await publish(outbox, { id: 'a', count: 1 }, { id: 'a', count: 2 });
    await until('all are out', async () => (await unpublished()) === 0);
    assert.deepEqual(countsOf(bus, 'a'), [1, 2]);
    assert.deepEqual(open, []);
  });

  /** How relays published before leases existed. */
  async function publishAsBefore(bus: StubBus): Promise<void> {
    await opened.database.transaction(async (transaction) => {
      const rows = await transaction.query<{ position: number; envelope: EventEnvelope; taken: boolean }>(
        `SELECT position, envelope, pg_try_advisory_xact_lock(7315002, hashtext(key)) AS taken
         FROM (SELECT * FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT 100) AS oldest ORDER BY position`,
      );
      const taken = rows.filter((row) => row.taken);
      for (const { envelope } of taken) await bus.publish(envelope);
      const published = taken.map(({ position }) => position);
      transaction.queue('UPDATE outbox SET published_at = now() WHERE position = ANY($1)', [published]);
    });
  }

  it('keeps the order of each key beside a relay of the version before', async () => {
    const bus = new StubBus();
    const outbox = new Outbox(opened.database);
    startRelay(outbox, bus);
    for (let count = 0; count < 20; count += 1) {
      await publish(outbox, ...Array.from({ length: 5 }, (_, key) => ({ id: `key-${key}`, count })));
      await publishAsBefore(bus);
    }
    await until('all are out', async () => (await unpublished()) === 0);
    for (let key = 0; key < 5; key += 1) {
      assert.deepEqual(
        [...new Set(countsOf(bus, `key-${key}`))],
        Array.from({ length: 20 }, (_, count) => count),
      );
    }
  });

  const listeners = async () => {
    const [row] = await opened.database.query<{ count: number }>(
      `SELECT count(*)::integer FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN outbox'`,
    );
    return row?.count;
  };

  it('forgets published and handled events when their time is over, and no other', async () => {
    const days = { OUTBOX_RETENTION_DAYS: 7, INBOX_RETENTION_DAYS: 30 };
    const cleanUp = messagingCleanUp(opened.database, days as MessagingSettings);
    const outbox = new Outbox(opened.database);
    await publish(
      outbox,
      { id: 'old', count: 1 },
      { id: 'young', count: 1 },
      { id: 'unpublished', count: 1 },
    );
    const set = (sql: string) => opened.database.query(sql);
    await set(`UPDATE outbox SET published_at = now() - interval '8 days' WHERE key = 'old'`);
    await set(`UPDATE outbox SET published_at = now() - interval '6 days' WHERE key = 'young'`);
    await set(`UPDATE outbox SET created_at = now() - interval '90 days' WHERE key = 'unpublished'`);
    await set(`INSERT INTO inbox SELECT gen_random_uuid(), 'old', now() - interval '31 days'`);
    await set(`INSERT INTO inbox SELECT gen_random_uuid(), 'young', now() - interval '29 days'`);
    await cleanUp.deleteOld();
    const keys = await opened.database.query<{ key: string }>('SELECT key FROM outbox ORDER BY key');
    assert.deepEqual(
      keys.map(({ key }) => key),
      ['unpublished', 'young'],
    );
    const remembered = await opened.database.query<{ consumer: string }>('SELECT consumer FROM inbox');
    assert.deepEqual(remembered, [{ consumer: 'young' }]);
  });
});

function envelopeOf(data: object) {
  return {
    specversion: '1.0',
    id: uuidv7(),
    source: '/tests',
    type: Happened.name,
    subject: 'a',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data,
  } as const;
}
