import {
  type CallUndo,
  effectSteps,
  type Failure,
  FOR_EVER,
  type TransactionUndo,
} from '../definition/definition.js';
import { pauseAfter } from '../store/saga-failure.js';
import { type Change, failed, type Failed, type SagaProgress } from './saga-progress.js';
import type { SagaRecord } from '../store/saga-record.js';
import { doneNow, isDone, withEntries } from '../store/timeline.js';

/**
 * Undoes the saga's next step in the compensation.
 * @returns the pause in milliseconds before the next attempt; undefined when there is none
 */
export async function compensateSaga(progress: SagaProgress): Promise<number | undefined> {
  const { position, failure: known } = progress.saga;
  const step = progress.definition.steps[position];
  if (!step) return progress.save({ status: 'compensated' }).then(() => undefined);
  const undos = effectSteps([step]).map(({ undo }) => undo);
  const failure = known ?? { code: 'internal_error', message: '', step: step.name };
  const [inTransaction] = undos.filter((undo) => undo.kind === 'transaction');
  if (inTransaction) return undoInTransaction(progress, inTransaction, failure);
  const calls = undos.filter((undo) => undo.kind === 'call');
  if (calls.length > 0) return undoCalls(progress, calls, failure);
  progress.note({ position: position - 1, attempts: 0 });
  return undefined;
}

async function undoInTransaction(
  progress: SagaProgress,
  undo: TransactionUndo<object>,
  failure: Failure,
): Promise<number | undefined> {
  const entry = progress.begin(undo.name, 'undo');
  try {
    await progress.inTransaction(entry, async (transaction) => {
      await undo.run(transaction, progress.saga.data, failure);
      return undone(progress.saga, withEntries(progress.saga.timeline, doneNow(entry)));
    });
    return undefined;
  } catch (error) {
    return afterFailures(progress, [failed(entry, error, FOR_EVER)]);
  }
}

/** Undoes parallel calls concurrently; calls whose undo succeeded are not undone again. */
async function undoCalls(
  progress: SagaProgress,
  undos: readonly CallUndo<object>[],
  failure: Failure,
): Promise<number | undefined> {
  const open = undos.filter(({ name }) => !isDone(progress.saga.timeline, name, 'undo'));
  const attempts = await progress.attempt(
    'undo',
    open.map((undo) => ({ ...undo, run: () => undo.run(progress.saga.data, failure) })),
  );
  const failures = attempts.flatMap((attempt) => (attempt.ok ? [] : [{ ...attempt, retry: FOR_EVER }]));
  if (failures.length > 0) return afterFailures(progress, failures);
  await progress.save(undone(progress.saga, progress.saga.timeline));
  return undefined;
}

function undone(saga: SagaRecord, timeline: SagaRecord['timeline']): Change {
  const position = saga.position - 1;
  return {
    ...(position < 0 && { status: 'compensated' as const }),
    position,
    attempts: 0,
    timeline,
  };
}

async function afterFailures(progress: SagaProgress, failures: readonly Failed[]): Promise<number> {
  const attempts = progress.saga.attempts + 1;
  const timeline = progress.withFailures(failures);
  const { observer } = progress.means;
  for (const { entry, error } of failures) observer.undoFailed(progress.saga, entry.name, error);
  const pauseMs = pauseAfter(attempts, FOR_EVER);
  await progress.save({ attempts, timeline }, pauseMs);
  return pauseMs;
}
