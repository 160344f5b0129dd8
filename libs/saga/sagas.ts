import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database, type PageOfRows, type Transaction } from '@fissile/kit/database';
import { SagaEngine } from './engine/saga-engine.js';
import type { SagaRecord, SagaStatus } from './store/saga-record.js';
import { type SagaAction, type SagaFilter, SagaStore } from './store/saga-store.js';

type InTransaction = (transaction: Transaction) => Promise<void>;

/** What operators may see of the sagas of a context, and do to them. */
@Injectable()
export class Sagas {
  constructor(
    private readonly database: Database,
    private readonly store: SagaStore,
    private readonly engine: SagaEngine,
  ) {}

  list(limit: number, olderThan?: string, status?: SagaStatus): Promise<SagaRecord[]> {
    return this.store.search({ limit, cursor: olderThan }, { status });
  }

  /** Newest first, unless the page says otherwise. */
  search(page: PageOfRows, filter: SagaFilter): Promise<SagaRecord[]> {
    return this.store.search(page, filter);
  }

  /** How many sagas fit, 5,000 at most, and the ids of those on which the action has an effect, oldest first. */
  async match(
    action: SagaAction,
    filter: SagaFilter,
    limit: number,
  ): Promise<{ readonly matching: number; readonly ids: string[] }> {
    const [matching, ids] = await Promise.all([
      this.store.count(filter),
      this.store.idsFor(action, filter, limit),
    ]);
    return { matching, ids };
  }

  /** The sagas of a subject, oldest first. */
  bySubject(subject: string): Promise<SagaRecord[]> {
    return this.store.bySubject(subject);
  }

  /** @throws ContextError saga_not_found */
  async get(id: string): Promise<SagaRecord> {
    const saga = await this.store.find(id);
    if (!saga) throw ContextError.of('saga_not_found');
    return saga;
  }

  /**
   * Deletes the sagas of subjects, such as those of somebody who is forgotten, without waiting until they are old.
   * @returns how many are left, because they have not ended
   */
  deleteEnded(transaction: Transaction, subjects: readonly string[]): Promise<number> {
    return this.store.deleteEnded(transaction, subjects);
  }

  /**
   * Retries the saga now.
   * @param also runs in the same commit
   * @throws ContextError saga_not_found, saga_ended
   */
  async retry(id: string, also?: InTransaction): Promise<void> {
    await this.makeDue(id, { abort: false }, also);
  }

  /** Starts compensation; otherwise like retry. */
  async abort(id: string, also?: InTransaction): Promise<void> {
    await this.makeDue(id, { abort: true }, also);
  }

  /**
   * Retries or aborts several, in one commit. Those on which it has no effect any more are left out.
   * @param also runs in the same commit, for the ids of the others
   * @returns how many these are
   */
  async actOnAll(
    action: SagaAction,
    ids: readonly string[],
    also: (transaction: Transaction, ids: readonly string[]) => Promise<void>,
  ): Promise<number> {
    const done = await this.database.transaction(async (transaction) => {
      const changed = await this.store.makeAllDue(transaction, ids, action);
      await also(transaction, changed);
      return changed.length;
    });
    this.engine.pollNow();
    return done;
  }

  private async makeDue(id: string, options: { abort: boolean }, also?: InTransaction): Promise<void> {
    await this.get(id);
    await this.database.transaction(async (transaction) => {
      if (!(await this.store.makeDue(transaction, id, options))) throw ContextError.of('saga_ended');
      await also?.(transaction);
    });
    this.engine.pollNow();
  }
}
