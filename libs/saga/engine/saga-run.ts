import { ContextError } from '@fissile/kit/contract';
import { ONCE, type SagaDefinition } from '../definition/definition.js';
import { compensateSaga } from './compensate-saga.js';
import { executeSaga } from './execute-saga.js';
import { toFailure } from '../store/saga-failure.js';
import { failed, type RunDependencies, SagaProgress } from './saga-progress.js';
import { hasEnded, type SagaRecord } from '../store/saga-record.js';
import { openEntry } from '../store/timeline.js';

/**
 * Runs one saga from its current state to its end. State is kept in memory between saves: a step that runs in the
 * context's own database is saved with its effect; after a call nothing needs to be saved, because the call is
 * idempotent and the next owner would repeat it when it resumes the saga.
 */
export class SagaRun {
  private readonly progress: SagaProgress;

  /** @param takenOver another owner may have made calls and died before it saved them */
  constructor(
    saga: SagaRecord,
    definition: SagaDefinition<object>,
    means: RunDependencies,
    { takenOver }: { takenOver: boolean },
  ) {
    this.progress = new SagaProgress(saga, definition, means, takenOver);
  }

  get record(): SagaRecord {
    return this.progress.saga;
  }

  /**
   * Continues until the saga has ended or must wait.
   * @returns the pause in milliseconds before the next attempt; undefined when this run has nothing more to do: the
   *   saga has ended, or waits in the database.
   * @throws LeaseLost, or the database's error when the state cannot be saved
   */
  async advance(): Promise<number | undefined> {
    if (this.record.abortRequested && this.record.status === 'running') await this.abort();
    do {
      const go = this.record.status === 'running' ? executeSaga : compensateSaga;
      const pauseMs = await go(this.progress);
      if (pauseMs !== undefined) return pauseMs;
    } while (!hasEnded(this.record.status) && this.record.waiting === null);
    return undefined;
  }

  private async abort(): Promise<void> {
    const { timeline, position } = this.record;
    const step = this.progress.definition.steps[position]?.name ?? 'end';
    const error = ContextError.of('saga_aborted');
    const open = openEntry(timeline);
    const closed = open ? this.progress.withFailures([failed(open, error, ONCE)]) : timeline;
    await this.progress.turnRound(toFailure(error, step), closed);
  }
}
