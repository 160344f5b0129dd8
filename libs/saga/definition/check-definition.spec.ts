import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { eventType } from '@fissile/kit/contract';
import { checkDefinition } from './check-definition.js';
import { defineSaga, noUndo, type SagaDefinition, type StepMaker, type Step } from './definition.js';

interface Data {
  readonly id: string;
}

function saga(
  steps: (step: StepMaker<Data>) => readonly Step<Data>[],
  { name = 'trip', version = 1 } = {},
): SagaDefinition<never> {
  return defineSaga<Data>({
    name,
    version,
    subject: ({ id }) => id,
    steps,
  }) as unknown as SagaDefinition<never>;
}

describe('The check of a definition', () => {
  const nothing = async (): Promise<void> => undefined;
  const undo = noUndo('there is nothing to take back');

  it('accepts a saga that can be run', () => {
    checkDefinition(
      saga((step) => [
        step.transaction('note', { do: nothing, undo }),
        step.call('hotel', { do: nothing, undo: step.undoByCall('cancel-hotel', nothing) }),
      ]),
    );
  });

  it('names all errors at once', () => {
    const faulty = saga(
      (step) => [
        step.call('hotel', { do: nothing, undo: step.undoByCall('cancel', nothing) }),
        step.call('hotel', { do: nothing, undo: step.undoByCall('cancel', nothing) }),
        step.call('flight', { do: nothing, undo: noUndo(' ') }),
      ],
      { version: 0.5 },
    );
    assert.throws(() => checkDefinition(faulty), {
      message:
        'saga trip cannot be run: its version is 0.5, not 1, 2, 3, …; its first step is not a transaction, which also ' +
        'writes the saga down; two steps are named hotel; two undos are named cancel; ' +
        'step flight has no undo and gives no reason',
    });
  });

  it('is not even reached by a step without undo, which does not compile', () => {
    saga((step) => [
      // @ts-expect-error: a missing undo is a decision, and must say why
      step.call('hotel', { do: nothing }),
      // @ts-expect-error: a missing undo is a decision, and must say why
      step.transaction('note', { do: nothing }),
    ]);
  });

  it('holds calls that are side by side to the same, and refuses a parallel step without any', () => {
    assert.throws(
      () =>
        checkDefinition(
          saga((step) => [
            step.transaction('note', { do: nothing, undo }),
            step.parallel('travel', [
              step.call('note', { do: nothing, undo }),
              step.call('flight', { do: nothing, undo: noUndo(' ') }),
            ]),
            step.parallel('nothing', []),
          ]),
        ),
      /two steps are named note; parallel step nothing has no calls; step flight has no undo and gives no reason/,
    );
  });

  it('rejects waiting for the same event twice, since the second wait would get the first event', () => {
    const event = eventType('trips.paid.v1', z.object({ id: z.string() }), ({ id }) => id);
    const parts = { event, key: ({ id }: Data) => id, withinMs: 1, ifLate: () => undefined };
    assert.throws(
      () =>
        checkDefinition(
          saga((step) => [
            step.transaction('note', { do: nothing, undo }),
            step.waitFor('first', parts),
            step.waitFor('second', parts),
          ]),
        ),
      /it waits for trips.paid.v1 twice/,
    );
  });
});
