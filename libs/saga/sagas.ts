import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { SagaEngine } from './engine/saga-engine.js';
import type { SagaRecord, SagaStatus } from './store/saga-record.js';
import { SagaStore } from './store/saga-store.js';

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
    return this.store.list(limit, olderThan, status);
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

  private async makeDue(id: string, options: { abort: boolean }, also?: InTransaction): Promise<void> {
    await this.get(id);
    await this.database.transaction(async (transaction) => {
      if (!(await this.store.makeDue(transaction, id, options))) throw ContextError.of('saga_ended');
      await also?.(transaction);
    });
    this.engine.pollNow();
  }
}
