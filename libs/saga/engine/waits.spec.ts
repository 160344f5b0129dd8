import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { ContextError, type EventEnvelope, eventType } from '@fissile/kit/contract';
import { type Inbox, MESSAGING_MIGRATIONS } from '@fissile/kit/messaging';
import { openTestDatabase, type TestDatabase, until } from '@fissile/kit/testing';
import { defineSaga, noUndo } from '../definition/definition.js';
import type { SagaEngine } from './saga-engine.js';
import { SAGA_MIGRATIONS } from '../store/saga.migration.js';
import type { SagaStore } from '../store/saga-store.js';
import { TestEngines } from './test-engines.spec.js';

interface ParcelData {
  readonly parcelId: string;
  /** Handed over at once: there is no delivery to wait for. */
  readonly isPickedUp?: boolean;
  readonly signedBy?: string;
}

const Delivered = eventType(
  'parcels.delivered.v1',
  z.strictObject({ parcelId: z.string(), signedBy: z.string() }),
  ({ parcelId }) => parcelId,
);

const nothing = noUndo('it does nothing');

describe('A saga that waits', () => {
  let opened: TestDatabase;
  const engines = new TestEngines(() => opened.database);

  before(async () => {
    opened = await openTestDatabase({ migrations: [...MESSAGING_MIGRATIONS, ...SAGA_MIGRATIONS] });
  });

  afterEach(() => engines.stop());

  after(() => opened.close());

  interface Process {
    readonly engine: SagaEngine;
    readonly store: SagaStore;
    readonly inbox: Inbox;
    start(data?: Partial<ParcelData>): Promise<{ sagaId: string; parcelId: string }>;
  }

  /** A process that sends parcels and waits until they are delivered. */
  function startProcess({
    withinMs = 60_000,
    beforeWaiting = async () => undefined,
  }: { withinMs?: number; beforeWaiting?: (parcelId: string) => Promise<void> } = {}): Process {
    const { engine, store, inbox } = engines.make();
    const definition = defineSaga<ParcelData>({
      name: 'send-parcel',
      version: 1,
      subject: ({ parcelId }) => parcelId,
      steps: (step) => [
        step.transaction('note', { do: async () => undefined, undo: nothing }),
        step.call('send', { do: ({ parcelId }) => beforeWaiting(parcelId), undo: nothing }),
        step.waitFor('delivery', {
          event: Delivered,
          key: ({ parcelId }) => parcelId,
          when: ({ isPickedUp = false }) => !isPickedUp,
          take: (_data, { signedBy }) => ({ signedBy }),
          withinMs,
          ifLate: () => {
            throw ContextError.of('deadline_exceeded', 'The parcel is lost');
          },
        }),
        step.transaction('file', { do: async () => undefined, undo: nothing }),
      ],
    });
    engine.register(definition);
    engine.onApplicationBootstrap();
    const start = async (data: Partial<ParcelData> = {}) => {
      const parcelId = uuidv7();
      return { sagaId: await engine.start(definition, { parcelId, ...data }), parcelId };
    };
    return { engine, store, inbox, start };
  }

  const deliveryOf = (parcelId: string, signedBy: string): EventEnvelope => ({
    specversion: '1.0',
    id: uuidv7(),
    source: '/parcels',
    type: Delivered.name,
    subject: parcelId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: { parcelId, signedBy },
  });

  const waits = (store: SagaStore, sagaId: string) =>
    until('the saga waits', async () => {
      const saga = await store.find(sagaId);
      return saga?.waiting ? saga : undefined;
    });

  it('resumes with the payload of the event when it arrives', async () => {
    const { engine, store, inbox, start } = startProcess();
    const { sagaId, parcelId } = await start();
    const waiting = await waits(store, sagaId);
    assert.deepEqual(
      waiting.timeline.map(({ name, status }) => `${name} ${status}`),
      ['note done', 'send done', 'delivery running'],
    );
    await inbox.deliver(deliveryOf(uuidv7(), 'a stranger'));
    await inbox.deliver(deliveryOf(parcelId, 'Ada'));
    const saga = await engine.waitForEnd(sagaId, 10_000);
    assert.equal(saga?.status, 'completed');
    assert.equal((saga.data as ParcelData).signedBy, 'Ada');
    assert.deepEqual(
      saga.timeline.map(({ name, status }) => `${name} ${status}`),
      ['note done', 'send done', 'delivery done', 'file done'],
    );
  });

  it('goes past a wait that it need not make, which is not in its timeline', async () => {
    const { engine, start } = startProcess();
    const { sagaId } = await start({ isPickedUp: true });
    const saga = await engine.waitForEnd(sagaId, 10_000);
    assert.equal(saga?.status, 'completed');
    assert.deepEqual(
      saga.timeline.map(({ name, status }) => `${name} ${status}`),
      ['note done', 'send done', 'file done'],
    );
  });

  it('lets a caller go on as soon as it waits', async () => {
    const { engine, start } = startProcess();
    const { sagaId } = await start();
    const saga = await engine.waitForRest(sagaId, 10_000);
    assert.equal(saga?.waiting?.event?.type, Delivered.name);
    assert.equal(await engine.waitForEnd(sagaId, 300), undefined);
  });

  it('lets a caller go on as soon as it is known that it retries what is unavailable, and ends when that is back', async () => {
    let isUp = false;
    let asked = 0;
    const { engine, start } = startProcess({
      beforeWaiting: async () => {
        asked += 1;
        if (!isUp) throw ContextError.of('unavailable');
      },
    });
    const { sagaId } = await start({ isPickedUp: true });
    const saga = await engine.waitForRest(sagaId, 10_000);
    assert.deepEqual([saga?.status, saga?.timeline.at(-1)?.error], ['running', 'unavailable']);
    assert.ok(asked > 1, 'one failure may be a conflict that has passed');
    isUp = true;
    assert.equal((await engine.waitForEnd(sagaId, 10_000))?.status, 'completed');
  });

  it('does not miss an event that arrives before it waits', async () => {
    const process = startProcess({
      beforeWaiting: (parcelId) => process.inbox.deliver(deliveryOf(parcelId, 'Ada')),
    });
    const { sagaId } = await process.start();
    const saga = await process.engine.waitForEnd(sagaId, 10_000);
    assert.equal(saga?.status, 'completed');
    assert.equal((saga.data as ParcelData).signedBy, 'Ada');
  });

  it('ignores an event from before its start', async () => {
    const { engine, store, start } = startProcess();
    const { sagaId, parcelId } = await start();
    const before = await waits(store, sagaId);
    await opened.database.query(
      `INSERT INTO saga_events (event_id, type, key, data, received_at)
       VALUES ($1, $2, $3, $4, now() - interval '1 hour')`,
      [uuidv7(), Delivered.name, parcelId, JSON.stringify({ parcelId, signedBy: 'Ada' })],
    );
    await opened.database.query('UPDATE sagas SET due_at = now() WHERE id = $1', [sagaId]);
    engine.pollNow();
    const after = await until('it has looked', async () => {
      const saga = await store.find(sagaId);
      // The takeover uses the first token, and the save uses the second.
      return Number(saga?.fence) >= Number(before.fence) + 2 && saga;
    });
    assert.ok(after.waiting, 'it still waits');
  });

  it('never misses an event that arrives at the moment when the wait begins', async () => {
    const { engine, inbox, start } = startProcess();
    const parcels = await Promise.all(Array.from({ length: 30 }, start));
    await Promise.all(parcels.map(({ parcelId }) => inbox.deliver(deliveryOf(parcelId, 'Ada'))));
    const sagas = await Promise.all(parcels.map(({ sagaId }) => engine.waitForEnd(sagaId, 10_000)));
    assert.ok(sagas.every((saga) => saga?.status === 'completed'));
  });

  it('compensates when the event does not arrive in time and that is a failure', async () => {
    const { engine, start } = startProcess({ withinMs: 1 });
    const { sagaId } = await start();
    const saga = await engine.waitForEnd(sagaId, 10_000);
    assert.equal(saga?.status, 'compensated');
    assert.deepEqual(saga.failure, {
      code: 'deadline_exceeded',
      message: 'The parcel is lost',
      step: 'delivery',
    });
    assert.equal(saga.timeline.filter(({ name }) => name === 'delivery').length, 1, 'it is not tried again');
  });

  it('is claimed by no process, and resumes in another than it started in', async () => {
    const first = startProcess();
    const { sagaId, parcelId } = await first.start();
    await waits(first.store, sagaId);
    await engines.stop();
    const second = startProcess();
    await second.inbox.deliver(deliveryOf(parcelId, 'Ada'));
    assert.equal((await second.engine.waitForEnd(sagaId, 10_000))?.status, 'completed');
  });

  it('resumes at once for an event that another process of the context receives', async () => {
    const here = startProcess();
    const { sagaId, parcelId } = await here.start();
    await waits(here.store, sagaId);
    // This engine receives events and runs no sagas.
    const otherProcess = engines.make();
    otherProcess.engine.register(
      defineSaga<ParcelData>({
        name: 'other',
        version: 1,
        subject: ({ parcelId: id }) => id,
        steps: (step) => [
          step.transaction('note', { do: async () => undefined, undo: nothing }),
          step.waitFor('delivery', {
            event: Delivered,
            key: ({ parcelId: id }) => id,
            withinMs: 1,
            ifLate: () => undefined,
          }),
        ],
      }),
    );
    await otherProcess.inbox.deliver(deliveryOf(parcelId, 'Ada'));
    assert.equal((await here.engine.waitForEnd(sagaId, 10_000))?.status, 'completed');
  });

  it('can be aborted, and its timeline shows that the wait was cut short', async () => {
    const { engine, store, start } = startProcess();
    const { sagaId } = await start();
    await waits(store, sagaId);
    await opened.database.transaction((transaction) => store.makeDue(transaction, sagaId, { abort: true }));
    engine.pollNow();
    const saga = await engine.waitForEnd(sagaId, 10_000);
    assert.equal(saga?.status, 'compensated');
    assert.equal(saga.failure?.code, 'saga_aborted');
    const delivery = saga.timeline.find(({ name }) => name === 'delivery');
    assert.deepEqual([delivery?.status, delivery?.error], ['failed', 'saga_aborted']);
  });

  it('can wait for a duration alone', async () => {
    const { engine } = engines.make();
    const times: Date[] = [];
    const definition = defineSaga<ParcelData>({
      name: 'rest',
      version: 1,
      subject: ({ parcelId }) => parcelId,
      steps: (step) => [
        step.transaction('note', { do: async () => undefined, undo: nothing }),
        step.waitUntil('rest', (_data, begunAt) => {
          times.push(begunAt);
          return new Date(begunAt.getTime() + 300);
        }),
        step.call('go on', { do: async () => void times.push(new Date()), undo: nothing }),
      ],
    });
    engine.register(definition);
    engine.onApplicationBootstrap();
    const saga = await engine.waitForEnd(await engine.start(definition, { parcelId: uuidv7() }), 10_000);
    assert.equal(saga?.status, 'completed');
    const [begunAt = new Date(), wentOn = new Date()] = times;
    assert.equal(times.length, 2, 'the time is worked out once');
    assert.ok(wentOn.getTime() - begunAt.getTime() >= 300);
  });
});
