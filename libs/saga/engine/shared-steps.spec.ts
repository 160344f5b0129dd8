import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { ContextError } from '@fissile/kit/contract';
import { openTestDatabase, type TestDatabase } from '@fissile/kit/testing';
import { defineSaga, noUndo } from '../definition/definition.js';
import { SAGA_MIGRATIONS } from '../store/saga.migration.js';
import { TestEngines } from './test-engines.spec.js';

interface SeatData {
  readonly seatId: string;
  readonly isTaken: boolean;
  readonly row?: number;
}

describe('A batch step', () => {
  let opened: TestDatabase;
  const engines = new TestEngines(() => opened.database);

  before(async () => {
    opened = await openTestDatabase({ migrations: SAGA_MIGRATIONS });
  });

  afterEach(() => engines.stop());

  after(() => opened.close());

  /** Starts sagas at the same time, and returns the number of sagas in each execution of the step. */
  async function reserve(...areTaken: boolean[]) {
    const sizes: number[] = [];
    const { engine, store } = engines.make();
    const definition = defineSaga<SeatData>({
      name: 'reserve-seat',
      version: 1,
      subject: ({ seatId }) => seatId,
      steps: (step) => [
        step.transaction('reserve', {
          doMany: async (_transaction, sagas) => {
            sizes.push(sagas.length);
            if (sagas.some(({ data }) => data.isTaken)) throw ContextError.of('saga_ended');
            return sagas.map((_saga, index) => ({ row: index + 1 }));
          },
          undo: noUndo('it is the first and the last step'),
        }),
      ],
    });
    engine.register(definition);
    engine.onApplicationBootstrap();
    const started = await Promise.allSettled(
      areTaken.map((isTaken) => engine.start(definition, { seatId: uuidv7(), isTaken })),
    );
    const rows = await Promise.all(
      started.map(async (result) => {
        if (result.status === 'rejected') return (result.reason as ContextError).code;
        return ((await store.find(result.value))?.data as SeatData | undefined)?.row;
      }),
    );
    return { sizes, rows };
  }

  it('executes sagas that arrive together as one batch, and each gets its own result', async () => {
    assert.deepEqual(await reserve(false, false, false), { sizes: [3], rows: [1, 2, 3] });
  });

  it('executes a single saga as a batch of one, and fails with its error', async () => {
    assert.deepEqual(await reserve(false), { sizes: [1], rows: [1] });
    assert.deepEqual(await reserve(true), { sizes: [1], rows: ['saga_ended'] });
  });

  it('executes sagas one by one when their batch fails', async () => {
    const { sizes, rows } = await reserve(false, true, false);
    assert.deepEqual(
      [sizes, rows],
      [
        [3, 1, 1, 1],
        [1, 'saga_ended', 1],
      ],
    );
  });
});
