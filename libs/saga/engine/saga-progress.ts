import type { Database, Transaction } from '@fissile/kit/database';
import { attemptCall, type Attempt } from './attempt-call.js';
import type { AwaitedEvents } from '../store/awaited-events.js';
import type {
  CallStep,
  Failure,
  RetryPolicy,
  SagaDefinition,
  TransactionStep,
} from '../definition/definition.js';
import { codeOf, isLeaseLost } from '../store/saga-failure.js';
import type { SagaRecord, TimelineEntry } from '../store/saga-record.js';
import type { SagaStore } from '../store/saga-store.js';
import { inStepSpan } from './saga-trace.js';
import type { StepBatches } from './step-batches.js';
import { begun, failedNow, withEntries } from '../store/timeline.js';

/** Receives what a run reports. */
export interface RunObserver {
  /** An attempt of a step or an undo has ended. */
  attempted(entry: TimelineEntry): void;
  /** An undo failed; it is retried without limit. */
  undoFailed(saga: SagaRecord, step: string, error: unknown): void;
}

/** The dependencies of a run. */
export interface RunDependencies {
  readonly database: Database;
  readonly store: SagaStore;
  readonly batches: StepBatches;
  readonly events: AwaitedEvents;
  readonly observer: RunObserver;
  /** The deadline of sagas that define none. */
  readonly deadlineMs: number;
}

export type Change = Partial<SagaRecord>;

export type Call = Pick<CallStep<object>, 'name' | 'timeoutMs'> & { run(): Promise<object | void> };

/** An attempt that failed, and the retry policy of its step. */
export interface Failed {
  readonly entry: TimelineEntry;
  readonly error: unknown;
  readonly retry: RetryPolicy;
}

/** The progress of one saga, as its owner knows it: in memory between saves. */
export class SagaProgress {
  constructor(
    private current: SagaRecord,
    readonly definition: SagaDefinition<object>,
    readonly means: RunDependencies,
    /** Another owner may have made calls and died before it saved them. */
    private mayBeFurther: boolean,
  ) {}

  get saga(): SagaRecord {
    return this.current;
  }

  begin(name: string, kind: TimelineEntry['kind']): TimelineEntry {
    return begun(name, kind, this.saga.attempts + 1);
  }

  /** Records a change that need not be saved at once. */
  note(change: Change): void {
    this.current = { ...this.current, ...change };
  }

  /** @throws LeaseLost, or the database's error */
  async save(change: Change, pauseMs = 0): Promise<void> {
    this.current = await this.means.store.save({ ...this.current, ...change }, pauseMs);
  }

  /** Runs the work and saves the change that it returns in one commit. */
  async inTransaction(
    attempt: TimelineEntry,
    work: (transaction: Transaction) => Promise<Change>,
  ): Promise<void> {
    const commit = (transaction: Transaction): Promise<SagaRecord> =>
      work(transaction).then((change) =>
        this.means.store.save({ ...this.current, ...change }, 0, transaction),
      );
    this.goOnFrom(await inStepSpan(this.saga, attempt, () => this.means.database.transaction(commit)));
  }

  /** Executes a transaction step and saves the change that follows from its result in one commit. */
  async doStep(
    attempt: TimelineEntry,
    step: TransactionStep<object>,
    changeBy: (result: object | void) => Change,
  ): Promise<void> {
    const { current } = this;
    const after = (result: object | void): SagaRecord => ({ ...current, ...changeBy(result) });
    const item = { isNew: false, data: current.data, after };
    this.goOnFrom(await inStepSpan(current, attempt, () => this.means.batches.do(step, item)));
  }

  /** A commit proves how far a former owner came. */
  private goOnFrom(saved: SagaRecord): void {
    this.current = saved;
    this.mayBeFurther = false;
    const entry = this.saga.timeline.at(-1);
    if (entry && entry.status !== 'running') this.means.observer.attempted(entry);
  }

  /** Makes calls concurrently, and records those that succeeded. */
  async attempt(kind: TimelineEntry['kind'], calls: readonly Call[]): Promise<readonly Attempt[]> {
    const attempts = await Promise.all(
      calls.map(({ name, timeoutMs, run }) => attemptCall(this.saga, this.begin(name, kind), timeoutMs, run)),
    );
    const done = attempts.filter(({ ok }) => ok).map(({ entry }) => entry);
    this.note({ timeline: withEntries(this.saga.timeline, ...done) });
    for (const entry of done) this.means.observer.attempted(entry);
    return attempts;
  }

  /**
   * The timeline with the failed attempts. @throws LeaseLost when an attempt failed with it: another process owns the
   * saga
   */
  withFailures(failures: readonly Failed[]): SagaRecord['timeline'] {
    for (const { error } of failures) if (isLeaseLost(error)) throw error;
    for (const { entry } of failures) this.means.observer.attempted(entry);
    return withEntries(this.saga.timeline, ...failures.map(({ entry }) => entry));
  }

  /** Starts compensation, from the last step that may have had an effect. */
  async turnRound(failure: Failure, timeline: SagaRecord['timeline']): Promise<void> {
    const position = this.lastToUndo();
    await this.save({ status: 'compensating', failure, position, attempts: 0, waiting: null, timeline });
  }

  /**
   * A failed call may still have had its effect; a failed transaction was rolled back. A former owner may have made
   * all the calls up to the next transaction.
   */
  private lastToUndo(): number {
    const makesCalls = (position: number): boolean =>
      ['call', 'parallel'].includes(this.definition.steps[position]?.kind ?? '');
    if (!makesCalls(this.saga.position)) return this.saga.position - 1;
    let last = this.saga.position;
    while (this.mayBeFurther && makesCalls(last + 1)) last += 1;
    return last;
  }
}

/** An attempt that failed now. */
export function failed(entry: TimelineEntry, error: unknown, retry: RetryPolicy): Failed {
  return { entry: failedNow(entry, codeOf(error)), error, retry };
}
