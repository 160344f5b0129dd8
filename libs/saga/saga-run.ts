import { ContextError } from '#libs/contracts';
import type { Database, Transaction } from '#libs/database';
import type { Failure, RetryPolicy, SagaDefinition, Step } from './definition.js';
import { FOR_EVER } from './definition.js';
import { hasEnded, type SagaRecord, type TimelineEntry } from './saga-record.js';
import type { SagaStore } from './saga-store.js';
import { begun, ended, withEntries } from './timeline.js';
import { withinTime } from './within-time.js';

/** What a run tells those who watch it. */
export interface RunObserver {
  /** An attempt of a step or an undo has ended. */
  attempted(entry: TimelineEntry): void;
  /** An undo failed; it will be tried again for as long as it takes. */
  undoFailed(saga: SagaRecord, step: string, error: unknown): void;
}

type Change = Partial<SagaRecord>;

/**
 * Takes one saga from where it stands to its end. State is kept in memory between saves: a step that runs in the
 * context's own database is saved with its effect; after a call nothing needs to be saved, since the call is idempotent
 * and would be made again by whoever resumes the saga.
 */
export class SagaRun {
  constructor(
    private saga: SagaRecord,
    private readonly definition: SagaDefinition<object>,
    private readonly database: Database,
    private readonly store: SagaStore,
    private readonly observer: RunObserver,
    /** Another owner may have made calls that it did not live to save. */
    private mayBeFurther: boolean,
  ) {}

  get record(): SagaRecord {
    return this.saga;
  }

  /**
   * Goes on until the saga has ended or must wait.
   * @returns the pause in milliseconds before the next attempt; undefined when the saga has ended.
   * @throws LeaseLost, or the database's error when the state cannot be saved
   */
  async advance(): Promise<number | undefined> {
    if (this.saga.abortRequested && this.saga.status === 'running') await this.abort();
    while (!hasEnded(this.saga.status)) {
      const pauseMs = this.saga.status === 'running' ? await this.forward() : await this.backward();
      if (pauseMs !== undefined) return pauseMs;
    }
    return undefined;
  }

  private async forward(): Promise<number | undefined> {
    const step = this.definition.steps[this.saga.position];
    if (!step) {
      await this.save({ status: 'completed' });
      return undefined;
    }
    const entry = this.begin(step.name, 'do');
    try {
      await this.doStep(step, entry);
      return undefined;
    } catch (error) {
      return this.afterFailure(step, entry, error);
    }
  }

  private async doStep(step: Step<object>, entry: TimelineEntry): Promise<void> {
    if (step.kind === 'call') {
      const result = await withinTime(this.saga, step.timeoutMs, () => step.do(this.saga.data));
      this.saga = { ...this.saga, ...this.stepDone(entry, result) };
      this.tellAttempt();
      return;
    }
    await this.inTransaction(async (transaction) => {
      const result = await step.do(transaction, this.saga.data);
      const change = this.stepDone(entry, result);
      const isLast = this.saga.position === this.definition.steps.length - 1;
      return isLast ? { ...change, status: 'completed' } : change;
    });
  }

  private stepDone(entry: TimelineEntry, result: object | void): Change {
    return {
      position: this.saga.position + 1,
      attempts: 0,
      data: { ...this.saga.data, ...result },
      timeline: withEntries(this.saga.timeline, ended(entry, 'done', null)),
    };
  }

  /** Tries again later, or turns round when trying again makes no sense. */
  private async afterFailure(
    step: Step<object>,
    entry: TimelineEntry,
    error: unknown,
  ): Promise<number | undefined> {
    if (isLeaseLost(error)) throw error;
    const attempts = this.saga.attempts + 1;
    const timeline = this.withFailure(entry, error);
    if (mayHelpToRetry(error) && attempts < step.retry.attempts) {
      const pauseMs = pauseAfter(attempts, step.retry);
      await this.save({ attempts, timeline }, pauseMs);
      return pauseMs;
    }
    await this.turnRound(toFailure(error, step.name), this.lastToUndo(), timeline);
    return undefined;
  }

  /**
   * The last step that may have had an effect. A call that failed may have had its effect all the same; a transaction
   * has been rolled back. A former owner may have made all the calls up to the next transaction.
   */
  private lastToUndo(): number {
    const { steps } = this.definition;
    if (steps[this.saga.position]?.kind !== 'call') return this.saga.position - 1;
    let last = this.saga.position;
    while (this.mayBeFurther && steps[last + 1]?.kind === 'call') last += 1;
    return last;
  }

  private async abort(): Promise<void> {
    const step = this.definition.steps[this.saga.position]?.name ?? 'end';
    const error = ContextError.of('saga_aborted');
    await this.turnRound(toFailure(error, step), this.lastToUndo(), this.saga.timeline);
  }

  private async turnRound(
    failure: Failure,
    position: number,
    timeline: SagaRecord['timeline'],
  ): Promise<void> {
    await this.save({ status: 'compensating', failure, position, attempts: 0, timeline });
  }

  private async backward(): Promise<number | undefined> {
    const step = this.definition.steps[this.saga.position];
    if (!step) {
      await this.save({ status: 'compensated' });
      return undefined;
    }
    const { undo } = step;
    if (undo.kind === 'none') {
      this.saga = { ...this.saga, position: this.saga.position - 1, attempts: 0 };
      return undefined;
    }
    const entry = this.begin(undo.name, 'undo');
    try {
      const failure = this.saga.failure ?? { code: 'internal_error', message: '', step: step.name };
      if (undo.kind === 'call') {
        await withinTime(this.saga, undo.timeoutMs, () => undo.run(this.saga.data, failure));
        await this.save(this.undoDone(entry));
        this.tellAttempt();
      } else {
        await this.inTransaction(async (transaction) => {
          await undo.run(transaction, this.saga.data, failure);
          return this.undoDone(entry);
        });
      }
      return undefined;
    } catch (error) {
      return this.afterUndoFailure(undo.name, entry, error);
    }
  }

  private undoDone(entry: TimelineEntry): Change {
    const position = this.saga.position - 1;
    return {
      position,
      attempts: 0,
      timeline: withEntries(this.saga.timeline, ended(entry, 'done', null)),
      ...(position < 0 ? { status: 'compensated' as const } : {}),
    };
  }

  private async afterUndoFailure(name: string, entry: TimelineEntry, error: unknown): Promise<number> {
    if (isLeaseLost(error)) throw error;
    this.observer.undoFailed(this.saga, name, error);
    const attempts = this.saga.attempts + 1;
    const pauseMs = pauseAfter(attempts, FOR_EVER);
    await this.save({ attempts, timeline: this.withFailure(entry, error) }, pauseMs);
    return pauseMs;
  }

  private withFailure(entry: TimelineEntry, error: unknown): SagaRecord['timeline'] {
    const failed = ended(entry, 'failed', codeOf(error));
    this.observer.attempted(failed);
    return withEntries(this.saga.timeline, failed);
  }

  private begin(name: string, kind: TimelineEntry['kind']): TimelineEntry {
    return begun(name, kind, this.saga.attempts + 1);
  }

  /** Runs the work and saves the change that it gives in one commit. */
  private async inTransaction(work: (transaction: Transaction) => Promise<Change>): Promise<void> {
    this.saga = await this.database.transaction(async (transaction) => {
      const changed = { ...this.saga, ...(await work(transaction)) };
      return this.store.save(changed, 0, transaction);
    });
    this.mayBeFurther = false;
    this.tellAttempt();
  }

  private tellAttempt(): void {
    const entry = this.saga.timeline.at(-1);
    if (entry) this.observer.attempted(entry);
  }

  private async save(change: Change, pauseMs = 0): Promise<void> {
    this.saga = await this.store.save({ ...this.saga, ...change }, pauseMs);
  }
}

/** Refusals of the catalogue are final; anything else may be a passing fault. */
function mayHelpToRetry(error: unknown): boolean {
  return !(error instanceof ContextError) || error.retryable;
}

function isLeaseLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'LeaseLost';
}

/** What may be shown to the owner of the saga's subject: a code of the catalogue, nothing of the inside. */
function codeOf(error: unknown): string {
  return error instanceof ContextError ? error.code : 'internal_error';
}

function toFailure(error: unknown, step: string): Failure {
  if (error instanceof ContextError) return { code: error.code, message: error.message, step };
  return { code: 'internal_error', message: 'Something went wrong on our side', step };
}

/** Doubles with each attempt, and varies so that sagas which failed together do not come back together. */
function pauseAfter(attempts: number, { firstPauseMs, longestPauseMs }: RetryPolicy): number {
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts - 1, 20));
  return Math.round(pause * (0.75 + Math.random() / 2));
}
