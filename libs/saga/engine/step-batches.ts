import { Injectable } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Batches, Database } from '@fissile/kit/database';
import type { SagaAtStep, TransactionStep } from '../definition/definition.js';
import type { SagaRecord } from '../store/saga-record.js';
import { SagaStore } from '../store/saga-store.js';

/** One saga that is at a step, or begins with it. */
export interface StepItem {
  /** Whether the step begins the saga, which is then written down with it. */
  readonly isNew: boolean;
  readonly data: object;
  /** The saga as it is to be saved when the step is done. */
  readonly after: (result: object | void) => SagaRecord;
}

type ItemWithin = StepItem & Pick<SagaAtStep<object>, 'within'>;
type AnyStep = TransactionStep<object>;
type StepForMany = AnyStep & { readonly doMany: NonNullable<AnyStep['doMany']> };

/** Lets sagas that do the same step at the same time share a transaction, where the step has a form for many. */
@Injectable()
export class StepBatches {
  private readonly batches = new WeakMap<AnyStep, Batches<ItemWithin, SagaRecord>>();

  constructor(
    private readonly database: Database,
    private readonly store: SagaStore,
  ) {}

  /**
   * Does a step and saves the saga with it, in one commit.
   * @returns the saga as it was saved. Rejects, with nothing done, as the step does.
   * @throws LeaseLost
   */
  do(step: AnyStep, item: StepItem): Promise<SagaRecord> {
    if (!isForMany(step)) return this.doAlone(step, item);
    return this.batchesOf(step).add({ ...item, within: AsyncLocalStorage.snapshot() });
  }

  private batchesOf(step: StepForMany): Batches<ItemWithin, SagaRecord> {
    const known = this.batches.get(step);
    if (known) return known;
    const made = new Batches<ItemWithin, SagaRecord>({
      batch: (items) => this.doTogether(step, items),
      single: (item) => this.doAlone(step, item),
    });
    this.batches.set(step, made);
    return made;
  }

  private async doTogether(step: StepForMany, items: readonly ItemWithin[]): Promise<SagaRecord[]> {
    const saved = await this.database.transaction(async (transaction) => {
      const results = await step.doMany(transaction, items);
      const changed = items.map(({ after }, index) => after(results[index]));
      if (!items[0]?.isNew) return this.store.saveMany(transaction, changed);
      this.store.insertMany(transaction, changed);
      return () => changed;
    });
    return saved();
  }

  private doAlone(step: AnyStep, { isNew, data, after }: StepItem): Promise<SagaRecord> {
    return this.database.transaction(async (transaction) => {
      const changed = after(await step.do(transaction, data));
      if (!isNew) return this.store.save(changed, 0, transaction);
      this.store.insert(transaction, changed);
      return changed;
    });
  }
}

function isForMany(step: AnyStep): step is StepForMany {
  return step.doMany !== undefined;
}
