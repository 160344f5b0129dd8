import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { ContextError, eventType } from '#libs/contracts';
import { openTestDatabase, type TestDatabase, until } from '#libs/testing';
import { DeadLetters } from './dead-letters.js';
import { type EventHandler, Inbox } from './inbox.js';
import { LocalEventBus } from './local-event-bus.js';
import { CreateMessaging1700000000000 } from './messaging.migration.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';

const Happened = eventType(
  'tests.happened.v1',
  z.strictObject({ id: z.string(), count: z.int() }),
  ({ id }) => id,
);
type Data = { id: string; count: number };

describe('Messaging', () => {
  let opened: TestDatabase;
  const relays: OutboxRelay[] = [];

  before(async () => {
    opened = await openTestDatabase({ migrations: [CreateMessaging1700000000000] });
    await opened.database.query('CREATE TABLE effects (id text, count integer)');
  });

  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.onModuleDestroy()));
    await opened.database.query('TRUNCATE outbox, inbox, dead_letters, effects');
  });

  after(() => opened.close());

  function start(handler: EventHandler<Data>) {
    const { database } = opened;
    const bus = new LocalEventBus();
    const deadLetters = new DeadLetters(database);
    const inbox = new Inbox(database, bus, deadLetters);
    inbox.on(Happened, 'a-consumer', handler);
    inbox.onModuleInit();
    const outbox = new Outbox(database);
    const relay = new OutboxRelay(database, bus, outbox);
    relay.onApplicationBootstrap();
    relays.push(relay);
    return { inbox, outbox, deadLetters };
  }

  const publish = (outbox: Outbox, ...events: Data[]) =>
    opened.database.transaction(async (transaction) => {
      for (const event of events) await outbox.add(transaction, Happened, event);
    });
  const effects = () => opened.database.query<Data>('SELECT id, count FROM effects');
  const record: EventHandler<Data> = async ({ data }, transaction) => {
    await transaction.query('INSERT INTO effects VALUES ($1, $2)', [data.id, data.count]);
  };

  it('delivers what was committed, and nothing that was rolled back', async () => {
    const { outbox } = start(record);
    await assert.rejects(
      opened.database.transaction(async (transaction) => {
        await outbox.add(transaction, Happened, { id: 'lost', count: 1 });
        throw new Error('rolled back');
      }),
    );
    await publish(outbox, { id: 'kept', count: 1 });
    await until('the event is handled', async () => (await effects()).length > 0);
    assert.deepEqual(await effects(), [{ id: 'kept', count: 1 }]);
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

  it('buries an event that does not fit its schema at once, and goes on with the next', async () => {
    const { inbox, deadLetters } = start(record);
    await inbox.deliver(envelopeOf({ id: 'a', count: 'many' }));
    await inbox.deliver(envelopeOf({ id: 'a', count: 2 }));
    assert.deepEqual(await effects(), [{ id: 'a', count: 2 }]);
    const [letter] = await deadLetters.list(10);
    assert.match(letter?.reason ?? '', /do not fit the schema: count/);
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
