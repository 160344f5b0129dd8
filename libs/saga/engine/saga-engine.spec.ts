import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { openTestDatabase, type TestDatabase, TraceRecorder, until } from '@fissile/kit/testing';
import { currentCall } from '@fissile/kit/request';
import type { Origin } from '@fissile/kit/observability';
import {
  defineSaga,
  noUndo,
  type SagaDefinition,
  type Step,
  type StepMaker,
} from '../definition/definition.js';
import type { SagaEngine } from './saga-engine.js';
import { SAGA_MIGRATIONS } from '../store/saga.migration.js';
import type { SagaStore } from '../store/saga-store.js';
import { Sagas } from '../sagas.js';
import { TestEngines } from './test-engines.spec.js';

interface TripData {
  readonly tripId: string;
  readonly hotel?: string;
}

const QUICK = { attempts: 3, firstPauseMs: 1, longestPauseMs: 5 };
const PATIENT = { firstPauseMs: 1, longestPauseMs: 1 };

/** The external state: each name exists or not. */
class World {
  readonly effects = new Set<string>();
  readonly calls: string[] = [];
  /** Errors that the next calls of a name throw; `late` after the effect, and only after `held` resolves. */
  readonly faults = new Map<string, { error: Error; late: boolean; held?: Promise<void> }[]>();

  async does(name: string): Promise<void> {
    await this.call(name, () => this.effects.add(name));
  }

  async undoes(name: string): Promise<void> {
    await this.call(`undo ${name}`, () => this.effects.delete(name));
  }

  private async call(name: string, effect: () => void): Promise<void> {
    this.calls.push(name);
    await Promise.resolve();
    const fault = this.faults.get(name)?.shift();
    if (!fault || fault.late) effect();
    await fault?.held;
    if (fault) throw fault.error;
  }
}

type TripSteps = (step: StepMaker<TripData>) => readonly Step<TripData>[];

/** Records the trip, and deletes the record when the rest fails. */
function tripOf(rest: TripSteps): SagaDefinition<TripData> {
  return defineSaga<TripData>({
    name: 'book-trip',
    version: 1,
    subject: ({ tripId }) => tripId,
    steps: (step) => [
      step.transaction('note', {
        do: async (transaction, { tripId }) => {
          await transaction.query('INSERT INTO trips (id, state) VALUES ($1, $2)', [tripId, 'begun']);
        },
        undo: step.undoInTransaction('strike-out', async (transaction, { tripId }) => {
          await transaction.query(`UPDATE trips SET state = 'struck out' WHERE id = $1`, [tripId]);
        }),
      }),
      ...rest(step),
    ],
  });
}

function bookTrip(world: World): TripSteps {
  return (step) => [
    step.call('hotel', {
      retry: QUICK,
      do: async () => {
        await world.does('hotel');
        return { hotel: 'room 7' };
      },
      undo: step.undoByCall('cancel-hotel', () => world.undoes('hotel')),
    }),
    step.call('flight', {
      retry: QUICK,
      do: () => world.does('flight'),
      undo: step.undoByCall('cancel-flight', () => world.undoes('flight')),
    }),
    step.transaction('finish', {
      do: async (transaction, { tripId, hotel }) => {
        await world.does('finish');
        await transaction.query('UPDATE trips SET state = $2 WHERE id = $1', [tripId, `booked ${hotel}`]);
      },
      undo: noUndo('it is the last step'),
      retry: QUICK,
    }),
  ];
}

describe('SagaEngine', () => {
  let opened: TestDatabase;
  const engines = new TestEngines(() => opened.database);

  before(async () => {
    opened = await openTestDatabase({ migrations: SAGA_MIGRATIONS });
    await opened.database.query('CREATE TABLE trips (id uuid PRIMARY KEY, state text NOT NULL)');
  });

  afterEach(() => engines.stop());

  after(() => opened.close());

  function startEngine(
    world: World,
    rest: TripSteps = bookTrip(world),
    deadlineMs?: number,
  ): {
    engine: SagaEngine;
    store: SagaStore;
    definition: SagaDefinition<TripData>;
  } {
    const { engine, store } = engines.make();
    const definition = { ...tripOf(rest), ...(deadlineMs !== undefined && { deadlineMs }) };
    engine.register(definition);
    engine.onApplicationBootstrap();
    return { engine, store, definition };
  }

  async function book(world: World) {
    const { engine, store, definition } = startEngine(world);
    const tripId = uuidv7();
    const sagaId = await engine.start(definition, { tripId });
    const saga = await engine.waitForEnd(sagaId, 10_000);
    const [trip] = await opened.database.query<{ state: string }>('SELECT state FROM trips WHERE id = $1', [
      tripId,
    ]);
    return { saga, state: trip?.state, engine, store };
  }

  /** Books a hotel with a step that allows any number of attempts. */
  async function bookPatiently(world: World, deadlineMs?: number) {
    const hotel: TripSteps = (step) => [
      step.call('hotel', {
        retry: PATIENT,
        do: () => world.does('hotel'),
        undo: step.undoByCall('cancel-hotel', () => world.undoes('hotel')),
      }),
    ];
    const { engine, definition } = startEngine(world, hotel, deadlineMs);
    const tripId = uuidv7();
    const saga = await engine.waitForEnd(await engine.start(definition, { tripId }), 10_000);
    const [trip] = await opened.database.query<{ state: string }>('SELECT state FROM trips WHERE id = $1', [
      tripId,
    ]);
    return { saga, state: trip?.state };
  }

  const refusal = () => ContextError.of('saga_ended');
  const passingFault = () => ContextError.of('unavailable');

  it('starts in an open transaction, and runs only after its commit', async () => {
    const world = new World();
    const { engine, definition } = startEngine(world);
    const tripId = uuidv7();
    const sagaId = await opened.database.transaction(async (transaction) => {
      const id = await engine.startWithin(transaction, definition, { tripId });
      assert.equal(await engine.waitForEnd(id, 100), undefined);
      return id;
    });
    const saga = await engine.waitForEnd(sagaId, 10_000);
    assert.equal(saga?.status, 'completed');
    const undone = uuidv7();
    const failing = opened.database.transaction(async (transaction) => {
      await engine.startWithin(transaction, definition, { tripId: undone });
      throw new Error('no');
    });
    await assert.rejects(failing, /no/);
    assert.deepEqual(await opened.database.query('SELECT 1 FROM trips WHERE id = $1', [undone]), []);
    assert.deepEqual(await opened.database.query('SELECT 1 FROM sagas WHERE subject = $1', [undone]), []);
  });

  it('executes the steps in order and stores their results', async () => {
    const world = new World();
    const { saga, state } = await book(world);
    assert.equal(saga?.status, 'completed');
    assert.equal(state, 'booked room 7');
    assert.deepEqual(world.calls, ['hotel', 'flight', 'finish']);
    assert.deepEqual(
      saga.timeline.map(({ name, status }) => `${name} ${status}`),
      ['note done', 'hotel done', 'flight done', 'finish done'],
    );
  });

  it('compensates in reverse order when a step is rejected, the rejected call included', async () => {
    const world = new World();
    world.faults.set('flight', [{ error: refusal(), late: false }]);
    const { saga, state } = await book(world);
    assert.equal(saga?.status, 'compensated');
    assert.equal(saga.failure?.code, 'saga_ended');
    assert.equal(state, 'struck out');
    assert.deepEqual(world.calls, ['hotel', 'flight', 'undo flight', 'undo hotel']);
    assert.deepEqual([...world.effects], []);
  });

  it('retries a temporary error, and does not compensate', async () => {
    const world = new World();
    world.faults.set('hotel', [{ error: passingFault(), late: true }]);
    const { saga } = await book(world);
    assert.equal(saga?.status, 'completed');
    assert.deepEqual(
      saga.timeline.map(({ name, attempt, status }) => `${name} ${attempt} ${status}`),
      ['note 1 done', 'hotel 1 failed', 'hotel 2 done', 'flight 1 done', 'finish 1 done'],
    );
  });

  it('retries what is unavailable, or failed unexpectedly, until it passes', async () => {
    const world = new World();
    const faults = [passingFault(), ContextError.of('internal_error'), new Error('connection lost')];
    const outage = Array.from({ length: 12 }, (_, index) => faults[index % 3] as Error);
    world.faults.set(
      'hotel',
      outage.map((error) => ({ error, late: false })),
    );
    const { saga, state } = await bookPatiently(world);
    assert.equal(saga?.status, 'completed');
    assert.equal(state, 'begun');
    assert.equal(world.calls.filter((call) => call === 'hotel').length, 13);
  });

  it('compensates at its deadline when a step is still unavailable', async () => {
    const world = new World();
    world.faults.set(
      'hotel',
      Array.from({ length: 1_000 }, () => ({ error: passingFault(), late: true })),
    );
    const { saga, state } = await bookPatiently(world, 100);
    assert.equal(saga?.status, 'compensated');
    assert.deepEqual(saga.failure, {
      code: 'saga_expired',
      message: 'It could not be completed in time',
      step: 'hotel',
    });
    assert.equal(state, 'struck out');
    assert.deepEqual([...world.effects], []);
  });

  it('retries a step that ignores the deadline also after it', async () => {
    const world = new World();
    const { engine, definition } = startEngine(
      world,
      (step) => [
        step.call('hotel', {
          retry: { ...PATIENT, ignoresDeadline: true },
          do: () => world.does('hotel'),
          undo: noUndo('it is not taken back'),
        }),
      ],
      1,
    );
    world.faults.set(
      'hotel',
      Array.from({ length: 20 }, () => ({ error: passingFault(), late: false })),
    );
    const sagaId = await engine.start(definition, { tripId: uuidv7() });
    assert.equal((await engine.waitForEnd(sagaId, 10_000))?.status, 'completed');
  });

  it('gives up after the attempts that a step allows, and compensates', async () => {
    const world = new World();
    world.faults.set(
      'flight',
      Array.from({ length: 3 }, () => ({ error: passingFault(), late: false })),
    );
    const { saga } = await book(world);
    assert.equal(saga?.status, 'compensated');
    assert.equal(world.calls.filter((call) => call === 'flight').length, 3);
  });

  it('retries a failing compensation until it succeeds', async () => {
    const world = new World();
    world.faults.set('flight', [{ error: refusal(), late: false }]);
    world.faults.set(
      'undo hotel',
      Array.from({ length: 3 }, () => ({ error: refusal(), late: false })),
    );
    const { saga } = await book(world);
    assert.equal(saga?.status, 'compensated');
    assert.equal(world.calls.filter((call) => call === 'undo hotel').length, 4);
    assert.deepEqual([...world.effects], []);
  });

  it('stores nothing when the first step fails', async () => {
    const world = new World();
    const { engine, store, definition } = startEngine(world);
    const tripId = uuidv7();
    await engine.start(definition, { tripId });
    await assert.rejects(engine.start(definition, { tripId }), /duplicate key/);
    assert.equal((await store.bySubject(tripId)).length, 1);
  });

  it('resumes the saga of a dead process, which can no longer write', async () => {
    const world = new World();
    const store = engines.make().store;
    const tripId = uuidv7();
    const left = await leaveBehind(store, tripId);
    const { engine } = startEngine(world);
    const saga = await engine.waitForEnd(left.id, 10_000);
    assert.equal(saga?.status, 'completed');
    assert.ok(saga.fence > left.fence, 'the new owner has a new fencing token');
    await assert.rejects(store.save({ ...left, status: 'compensated' }), { name: 'LeaseLost' });
    assert.equal((await store.find(left.id))?.status, 'completed');
  });

  it('continues the trace of its start, also after the process that started it has died', async () => {
    const recorder = await TraceRecorder.start();
    try {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
      const origin = { traceparent, requestId: 'r-7', userId: 'u-7', baggage: 'tenant=t-7' };
      const left = await leaveBehind(engines.make().store, uuidv7(), 1, origin);
      const seen: unknown[] = [];
      const { engine } = startEngine(new World(), (step) => [
        step.call('look', {
          do: async () => void seen.push(currentCall()),
          undo: noUndo('nothing was done'),
        }),
      ]);
      await engine.waitForEnd(left.id, 10_000);
      const [call] = seen as [
        { requestId: string; traceId: string; userId: string; baggage: string; sagaId: string },
      ];
      assert.deepEqual(
        [call.requestId, call.traceId, call.userId, call.baggage, call.sagaId],
        ['r-7', traceId, 'u-7', 'tenant=t-7', left.id],
      );
      const step = recorder.spans.find(({ name }) => name === 'book-trip look');
      assert.equal(step?.spanContext().traceId, traceId);
      assert.equal(step.parentSpanContext?.spanId, 'b7ad6b7169203331');
    } finally {
      recorder.stop();
    }
  });

  it('does not overwrite a commit whose response was lost', async () => {
    const world = new World();
    const { engine, store, definition } = startEngine(world);
    const { database } = opened;
    const transaction = database.transaction.bind(database);
    let commits = 0;
    database.transaction = async (work) => {
      const result = await transaction(work);
      commits += 1;
      // The second commit is the one of the last step.
      if (commits === 2) throw ContextError.of('unavailable');
      return result;
    };
    try {
      const sagaId = await engine.start(definition, { tripId: uuidv7() });
      const saga = await engine.waitForEnd(sagaId, 10_000);
      assert.equal(saga?.status, 'completed');
      await engine.onModuleDestroy();
      assert.equal((await store.find(sagaId))?.status, 'completed');
      assert.deepEqual(world.calls, ['hotel', 'flight', 'finish']);
    } finally {
      database.transaction = transaction;
    }
  });

  it('compensates also calls that a dead process may have made and not stored', async () => {
    const world = new World();
    world.effects.add('hotel').add('flight');
    world.faults.set('hotel', [{ error: refusal(), late: false }]);
    const left = await leaveBehind(engines.make().store, uuidv7());
    const { engine } = startEngine(world);
    const saga = await engine.waitForEnd(left.id, 10_000);
    assert.equal(saga?.status, 'compensated');
    assert.deepEqual(world.calls, ['hotel', 'undo flight', 'undo hotel']);
    assert.deepEqual([...world.effects], []);
  });

  it('leaves sagas of an unknown version to other processes', async () => {
    const store = engines.make().store;
    const left = await leaveBehind(store, uuidv7(), 2);
    const world = new World();
    const { saga } = await book(world);
    assert.equal(saga?.status, 'completed');
    assert.equal((await store.find(left.id))?.fence, left.fence);
    await opened.database.query('DELETE FROM sagas WHERE id = $1', [left.id]);
  });

  it('compensates when an operator aborts it', async () => {
    const world = new World();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    world.faults.set('hotel', [{ error: passingFault(), late: true, held }]);
    const { engine, store, definition } = startEngine(world);
    const sagaId = await engine.start(definition, { tripId: uuidv7() });
    await until('the hotel is called', () => world.calls.includes('hotel'));
    await opened.database.transaction((transaction) => store.makeDue(transaction, sagaId, { abort: true }));
    release();
    engine.pollNow();
    const saga = await engine.waitForEnd(sagaId, 10_000);
    assert.equal(saga?.status, 'compensated');
    assert.equal(saga.failure?.code, 'saga_aborted');
    assert.deepEqual([...world.effects], []);
  });

  it('accepts no instruction of an operator right after its end', async () => {
    const { saga, engine, store } = await book(new World());
    assert.ok(saga);
    const asItWas = async () => ({ ...saga, status: 'running' });
    const readTooEarly = Object.assign(Object.create(store), { find: asItWas }) as SagaStore;
    const sagas = new Sagas(opened.database, readTooEarly, engine);
    const recorded: string[] = [];
    for (const wish of ['retry', 'abort'] as const) {
      const given = sagas[wish](saga.id, async () => void recorded.push(wish));
      await assert.rejects(given, (error) => hasCode(error, 'saga_ended'));
    }
    assert.deepEqual(recorded, []);
  });

  it('cancels a call at its timeout, passes it the deadline, and retries', async () => {
    const world = new World();
    const deadlines: (number | undefined)[] = [];
    const { engine, definition } = startEngine(world, (step) => [
      step.call('slow', {
        timeoutMs: 20,
        retry: QUICK,
        undo: step.undoByCall('cancel-slow', () => world.undoes('slow')),
        do: async () => {
          deadlines.push(currentCall()?.deadline);
          if (deadlines.length === 1) await new Promise(() => undefined);
        },
      }),
    ]);
    const sagaId = await engine.start(definition, { tripId: uuidv7() });
    const saga = await engine.waitForEnd(sagaId, 10_000);
    assert.equal(saga?.status, 'completed');
    assert.deepEqual(
      saga.timeline.map(({ name, status, error }) => [name, status, error]),
      [
        ['note', 'done', null],
        ['slow', 'failed', 'deadline_exceeded'],
        ['slow', 'done', null],
      ],
    );
    assert.ok(deadlines.every((deadline) => typeof deadline === 'number'));
  });

  it('compensates also a call that timed out, since it may have had its effect, and times a slow compensation out too', async () => {
    const world = new World();
    let undos = 0;
    const { engine, definition } = startEngine(world, (step) => [
      step.call('slow', {
        timeoutMs: 20,
        retry: { ...QUICK, attempts: 1 },
        do: async () => {
          await world.does('slow');
          await new Promise(() => undefined);
        },
        undo: step.undoByCall(
          'cancel-slow',
          async () => {
            undos += 1;
            if (undos === 1) await new Promise(() => undefined);
            await world.undoes('slow');
          },
          { timeoutMs: 20 },
        ),
      }),
    ]);
    const sagaId = await engine.start(definition, { tripId: uuidv7() });
    const saga = await engine.waitForEnd(sagaId, 10_000);
    assert.equal(saga?.status, 'compensated');
    assert.equal(saga.failure?.code, 'deadline_exceeded');
    assert.equal(undos, 2);
    assert.deepEqual([...world.effects], []);
  });

  it('ends with all effects or none under any faults, in the world and in the database', async () => {
    const fault = fc.record({ permanent: fc.boolean(), late: fc.boolean() });
    const plan = fc.dictionary(
      fc.constantFrom('hotel', 'flight', 'finish', 'undo hotel', 'undo flight'),
      fc.array(fault, { maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(plan, async (faults) => {
        const world = new World();
        for (const [name, list] of Object.entries(faults)) {
          const errors = list.map(({ permanent, late }) => ({
            error: permanent ? refusal() : passingFault(),
            late,
          }));
          world.faults.set(name, errors);
        }
        const { saga, state } = await book(world);
        const outside = ['flight', 'hotel'].filter((name) => world.effects.has(name));
        if (saga?.status === 'completed') {
          assert.deepEqual([outside, state], [['flight', 'hotel'], 'booked room 7']);
        } else {
          assert.equal(saga?.status, 'compensated');
          assert.deepEqual([outside, state], [[], 'struck out']);
        }
        await engines.stop();
      }),
      { numRuns: 25 },
    );
  });

  /** A saga whose owner died after the first step, and whose lease has expired. */
  async function leaveBehind(store: SagaStore, tripId: string, version = 1, origin: Origin | null = null) {
    const now = new Date();
    const saga = {
      id: uuidv7(),
      name: 'book-trip',
      version,
      subject: tripId,
      status: 'running' as const,
      position: 1,
      data: { tripId },
      failure: null,
      timeline: [],
      attempts: 0,
      fence: 1,
      waiting: null,
      abortRequested: false,
      origin,
      createdAt: now,
      updatedAt: now,
    };
    await opened.database.transaction(async (transaction) => {
      await transaction.query(`INSERT INTO trips (id, state) VALUES ($1, 'begun')`, [tripId]);
      store.insert(transaction, [saga]);
    });
    await opened.database.query(`UPDATE sagas SET lease_until = now() - interval '1 minute' WHERE id = $1`, [
      saga.id,
    ]);
    return saga;
  }
});
