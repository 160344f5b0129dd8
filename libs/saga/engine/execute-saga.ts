import { ContextError } from '@fissile/kit/contract';
import {
  type CallStep,
  DEFAULT_RETRY,
  FOR_EVER,
  ONCE,
  type ParallelStep,
  type TransactionStep,
  type WaitStep,
} from '../definition/definition.js';
import { isRefusal, pauseAfter, toFailure } from '../store/saga-failure.js';
import type { TimelineEntry, Waiting } from '../store/saga-record.js';
import { type Change, failed, type Failed, type SagaProgress } from './saga-progress.js';
import { beganAt, doneNow, isDone, openEntry, withEntries } from '../store/timeline.js';

/**
 * Executes the next step of a saga.
 * @returns the pause in milliseconds before the next attempt; undefined when there is none
 */
export async function executeSaga(progress: SagaProgress): Promise<number | undefined> {
  const step = progress.definition.steps[progress.saga.position];
  if (!step) return progress.save({ status: 'completed' }).then(() => undefined);
  switch (step.kind) {
    case 'transaction':
      return doTransaction(progress, step);
    case 'wait':
      return wait(progress, step);
    case 'call':
    case 'parallel':
      return doCalls(progress, step);
  }
}

async function doTransaction(
  progress: SagaProgress,
  step: TransactionStep<object>,
): Promise<number | undefined> {
  const entry = progress.begin(step.name, 'do');
  try {
    await progress.doStep(entry, step, (result) => committed(progress, entry, result));
    return undefined;
  } catch (error) {
    return afterFailures(progress, [failed(entry, error, step.retry)]);
  }
}

/**
 * Continues when the event has arrived or the time is reached; otherwise the saga stays in the database without an
 * owner.
 */
async function wait(progress: SagaProgress, step: WaitStep<object>): Promise<number | undefined> {
  if (progress.saga.waiting === null && !step.when(progress.saga.data)) {
    progress.note({ position: progress.saga.position + 1, attempts: 0 });
    return undefined;
  }
  const entry = openEntry(progress.saga.timeline) ?? progress.begin(step.name, 'do');
  let refusal: unknown;
  const decide = (decision: () => object | void): Change => {
    try {
      return committed(progress, entry, decision());
    } catch (error) {
      throw (refusal = error);
    }
  };
  try {
    await progress.inTransaction(entry, async (transaction) => {
      const { id, data, timeline } = progress.saga;
      const waiting = progress.saga.waiting ?? waitingOf(step, data, new Date(entry.startedAt));
      const found = waiting.event && (await progress.means.events.find(transaction, waiting.event, id));
      if (found) return decide(() => step.event?.take(data, found.data as never));
      if (Date.now() >= Date.parse(waiting.until)) return decide(() => step.ifLate(data));
      return { waiting, attempts: 0, timeline: withEntries(timeline, entry) };
    });
    return undefined;
  } catch (error) {
    // A decision of the definition is final, even if the error is retryable; a database that is lost decides nothing.
    return afterFailures(progress, [failed(entry, error, error === refusal ? ONCE : FOR_EVER)]);
  }
}

function waitingOf(step: WaitStep<object>, data: object, begunAt: Date): Waiting {
  const event = step.event ? { type: step.event.type.name, key: step.event.key(data) } : null;
  return { event, until: step.until(data, begunAt).toISOString() };
}

/** The change that is saved with the effect of a transaction step; the last step also saves the saga's end. */
function committed({ saga, definition }: SagaProgress, entry: TimelineEntry, result: object | void): Change {
  const isLast = saga.position === definition.steps.length - 1;
  return {
    ...(isLast && { status: 'completed' as const }),
    position: saga.position + 1,
    attempts: 0,
    waiting: null,
    data: { ...saga.data, ...result },
    timeline: withEntries(saga.timeline, doneNow(entry, result)),
  };
}

/** Makes the calls of a step concurrently; in a retry, calls that succeeded are not repeated. */
async function doCalls(
  progress: SagaProgress,
  step: CallStep<object> | ParallelStep<object>,
): Promise<number | undefined> {
  const calls = step.kind === 'call' ? [step] : step.branches;
  const open = calls.filter(
    ({ name }) => step.kind === 'call' || !isDone(progress.saga.timeline, name, 'do'),
  );
  const attempts = await progress.attempt(
    'do',
    open.map((call) => ({ ...call, run: () => call.do(progress.saga.data) })),
  );
  const results = attempts.map((attempt) => (attempt.ok ? attempt.result : undefined));
  progress.note({ data: Object.assign({}, progress.saga.data, ...results) as object });
  const failures = attempts.flatMap((attempt, index) =>
    attempt.ok ? [] : [{ ...attempt, retry: open[index]?.retry ?? DEFAULT_RETRY }],
  );
  if (failures.length > 0) return afterFailures(progress, failures);
  progress.note({ position: progress.saga.position + 1, attempts: 0 });
  return undefined;
}

/** Retries later, or starts compensation when a retry cannot help. */
async function afterFailures(
  progress: SagaProgress,
  failures: readonly Failed[],
): Promise<number | undefined> {
  const attempts = progress.saga.attempts + 1;
  const timeline = progress.withFailures(failures);
  const leftMs = deadlineOf(progress) - Date.now();
  const final = failures.find(
    ({ error, retry }) => isRefusal(error) || attempts >= (retry.attempts ?? Infinity),
  );
  if (final) {
    await progress.turnRound(toFailure(final.error, final.entry.name), timeline);
    return undefined;
  }
  const late = leftMs <= 0 ? failures.find(({ retry }) => !retry.ignoresDeadline) : undefined;
  if (late) {
    await progress.turnRound(toFailure(ContextError.of('saga_expired'), late.entry.name), timeline);
    return undefined;
  }
  const pauseMs = Math.min(
    ...failures.map(({ retry }) => {
      const pauseMs = pauseAfter(attempts, retry);
      return retry.ignoresDeadline ? pauseMs : Math.min(pauseMs, leftMs);
    }),
  );
  await progress.save({ attempts, timeline }, pauseMs);
  return pauseMs;
}

/** When the saga stops retrying what is unavailable. Waiting for an event or a time does not count. */
function deadlineOf({ saga, definition, means }: SagaProgress): number {
  const waits = definition.steps.filter(({ kind }) => kind === 'wait').map(({ name }) => name);
  return beganAt(saga, waits).getTime() + (definition.deadlineMs ?? means.deadlineMs);
}
