import {
  type CallStep,
  DEFAULT_RETRY,
  ONCE,
  type ParallelStep,
  type TransactionStep,
  type WaitStep,
} from '../definition/definition.js';
import { mayHelpToRetry, pauseAfter, toFailure } from '../store/saga-failure.js';
import type { TimelineEntry, Waiting } from '../store/saga-record.js';
import { type Change, failed, type Failed, type SagaProgress } from './saga-progress.js';
import { ended, isDone, openEntry, withEntries } from '../store/timeline.js';

/**
 * Does the next step of a saga.
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

/** Goes on when the event is there or the time has come; else the saga is left to lie in the database. */
async function wait(progress: SagaProgress, step: WaitStep<object>): Promise<number | undefined> {
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
    // What the definition decides stands, whatever the error says of trying again.
    return afterFailures(progress, [failed(entry, error, error === refusal ? ONCE : DEFAULT_RETRY)]);
  }
}

function waitingOf(step: WaitStep<object>, data: object, begunAt: Date): Waiting {
  const event = step.event ? { type: step.event.type.name, key: step.event.key(data) } : null;
  return { event, until: step.until(data, begunAt).toISOString() };
}

/** What is saved with the effect of a step in the own database; with the last one the saga's end is saved too. */
function committed({ saga, definition }: SagaProgress, entry: TimelineEntry, result: object | void): Change {
  const isLast = saga.position === definition.steps.length - 1;
  return {
    ...(isLast && { status: 'completed' as const }),
    position: saga.position + 1,
    attempts: 0,
    waiting: null,
    data: { ...saga.data, ...result },
    timeline: withEntries(saga.timeline, ended(entry, 'done', null)),
  };
}

/** Makes the calls of a step side by side; of several, those that succeeded are not made again. */
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

/** Tries again later, or turns round when trying again makes no sense. */
async function afterFailures(
  progress: SagaProgress,
  failures: readonly Failed[],
): Promise<number | undefined> {
  const attempts = progress.saga.attempts + 1;
  const timeline = progress.withFailures(failures);
  const final = failures.find(({ error, retry }) => !mayHelpToRetry(error) || attempts >= retry.attempts);
  if (final) {
    await progress.turnRound(toFailure(final.error, final.entry.name), timeline);
    return undefined;
  }
  const pauseMs = Math.min(...failures.map(({ retry }) => pauseAfter(attempts, retry)));
  await progress.save({ attempts, timeline }, pauseMs);
  return pauseMs;
}
