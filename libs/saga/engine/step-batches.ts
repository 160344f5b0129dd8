import { Injectable } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Batches, Database } from '@fissile/kit/database';
import type { SagaAtStep, TransactionStep } from '../definition/definition.js';
import type { SagaRecord } from '../store/saga-record.js';
import { SagaStore } from '../store/saga-store.js';

/** One saga that is at a step, or begins with it. */
export interface StepItem {
  /** Whether the step begins the saga, which is then inserted in the same commit. */
  readonly isNew: boolean;
  readonly data: object;
  /** The saga to save when the step is done. */
  readonly after: (result: object | void) => SagaRecord;
}

type ItemWithin = StepItem & Pick<SagaAtStep<object>, 'within'>;
type AnyStep = TransactionStep<object>;

/** Lets sagas that execute the same step at the same time share a transaction, where the step supports batches. */
@Injectable()
export class StepBatches {
  private readonly batches = new WeakMap<AnyStep, Batches<ItemWithin, SagaRecord>>();

  constructor(
    private readonly database: Database,
    private readonly store: SagaStore,
  ) {}

  /**
   * Executes a step and saves the saga with it, in one commit.
   * @returns the saga as it was saved. Rejects, with nothing done, as the step does.
   * @throws LeaseLost
   */
  async do(step: AnyStep, item: StepItem): Promise<SagaRecord> {
    const itemWithin = { ...item, within: AsyncLocalStorage.snapshot() };
    if (step.isShared) return this.batchesOf(step).add(itemWithin);
    const [saved] = await this.write(step, [itemWithin]);
    return saved as SagaRecord;
  }

  private batchesOf(step: AnyStep): Batches<ItemWithin, SagaRecord> {
    const known = this.batches.get(step);
    if (known) return known;
    const made = new Batches<ItemWithin, SagaRecord>((items) => this.write(step, items));
    this.batches.set(step, made);
    return made;
  }

  /** Either all of them begin with the step, or none does. */
  private async write(step: AnyStep, items: readonly ItemWithin[]): Promise<SagaRecord[]> {
    const saved = await this.database.transaction(async (transaction) => {
      const results = await step.doMany(transaction, items);
      const changed = items.map(({ after }, index) => after(results[index]));
      if (!items[0]?.isNew) return this.store.saveWith(transaction, changed);
      this.store.insert(transaction, changed);
      return () => changed;
    });
    return saved();
  }
}
