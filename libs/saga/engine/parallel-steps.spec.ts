import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { ContextError } from '@fissile/kit/contract';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { defineSaga, noUndo } from '../definition/definition.js';
import { SAGA_MIGRATIONS } from '../store/saga.migration.js';
import { TestEngines } from './test-engines.spec.js';

interface TripData {
  readonly tripId: string;
  readonly hotel?: string;
  readonly flight?: string;
}

const QUICK = { attempts: 3, firstPauseMs: 1, longestPauseMs: 5 };

describe('Parallel steps', () => {
  let opened: TestDatabase;
  const engines = new TestEngines(() => opened.database);

  before(async () => {
    opened = await openTestDatabase({ migrations: SAGA_MIGRATIONS });
  });

  afterEach(() => engines.stop());

  after(() => opened.close());

  /** Books a hotel and a flight concurrently, then a taxi. @param calls what each call does, before it succeeds */
  async function book(calls: Partial<Record<string, (() => Promise<void>)[]>>) {
    const made: string[] = [];
    const call = async (name: string): Promise<void> => {
      made.push(name);
      await calls[name]?.shift()?.();
    };
    const { engine } = engines.make();
    const definition = defineSaga<TripData>({
      name: 'book-trip',
      version: 1,
      subject: ({ tripId }) => tripId,
      steps: (step) => [
        step.transaction('note', {
          do: async () => undefined,
          undo: noUndo('it notes nothing'),
        }),
        step.parallel('travel', [
          step.call('hotel', {
            retry: QUICK,
            do: async () => call('hotel').then(() => ({ hotel: 'room 7' })),
            undo: step.undoByCall('cancel-hotel', () => call('cancel-hotel')),
          }),
          step.call('flight', {
            retry: QUICK,
            do: async () => call('flight').then(() => ({ flight: 'seat 12A' })),
            undo: step.undoByCall('cancel-flight', () => call('cancel-flight')),
          }),
        ]),
        step.call('taxi', { retry: QUICK, do: () => call('taxi'), undo: noUndo('it keeps nothing') }),
      ],
    });
    engine.register(definition);
    engine.onApplicationBootstrap();
    const sagaId = await engine.start(definition, { tripId: uuidv7() });
    const saga = await engine.waitForEnd(sagaId, 10_000);
    assert.ok(saga);
    return { saga, made };
  }

  const refused = async (): Promise<void> => Promise.reject(ContextError.of('saga_ended'));
  const unavailable = async (): Promise<void> => Promise.reject(ContextError.of('unavailable'));

  it('run at the same time, and the saga has the results of all', async () => {
    let hotelCalled: () => void = () => undefined;
    const hotel = new Promise<void>((resolve) => (hotelCalled = resolve));
    let flightCalled: () => void = () => undefined;
    const flight = new Promise<void>((resolve) => (flightCalled = resolve));
    const { saga, made } = await book({
      // Each call ends only after the other has begun.
      hotel: [() => (hotelCalled(), flight)],
      flight: [() => (flightCalled(), hotel)],
    });
    assert.equal(saga.status, 'completed');
    const { hotel: room, flight: seat } = saga.data as TripData;
    assert.deepEqual([room, seat], ['room 7', 'seat 12A']);
    assert.deepEqual(made, ['hotel', 'flight', 'taxi']);
  });

  it('are retried one by one: only the step that failed runs again', async () => {
    const { saga, made } = await book({ flight: [unavailable, unavailable] });
    assert.equal(saga.status, 'completed');
    assert.deepEqual(made, ['hotel', 'flight', 'flight', 'flight', 'taxi']);
    assert.equal((saga.data as TripData).hotel, 'room 7');
  });

  it('are all compensated when one is rejected, the rejected one included', async () => {
    const { saga, made } = await book({ flight: [refused] });
    assert.equal(saga.status, 'compensated');
    assert.deepEqual(saga.failure?.step, 'flight');
    assert.deepEqual(made.slice(2).sort(), ['cancel-flight', 'cancel-hotel']);
  });

  it('are compensated when a later step fails, and only the compensation that failed is retried', async () => {
    const { saga, made } = await book({ taxi: [refused], 'cancel-hotel': [unavailable] });
    assert.equal(saga.status, 'compensated');
    assert.deepEqual(made.slice(3).sort(), ['cancel-flight', 'cancel-hotel', 'cancel-hotel']);
    assert.deepEqual(
      saga.timeline.filter(({ kind }) => kind === 'undo').map(({ name, status }) => `${name} ${status}`),
      ['cancel-flight done', 'cancel-hotel failed', 'cancel-hotel done'],
    );
  });
});
