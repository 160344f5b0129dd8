import { AsyncLocalStorage } from 'node:async_hooks';
import { hasCode } from '@fissile/kit/contract';
import { runDetached, throwIfCallCancelled } from '@fissile/kit/request';

/** How one kind of work is done for many at once, and for one. */
export interface BatchWork<Item, Result> {
  /**
   * Does it for all, maybe only one, in one transaction, and gives their results in the same order. Rejects, with nothing
   * done, when they cannot be done as one: then each is done on its own, and fails on its own.
   */
  batch(items: readonly Item[]): Promise<readonly Result[]>;
  /** Doing it again does no harm, even if it was committed. */
  readonly repeatable?: boolean;
  /** Is called as a part of the request that the item came with. */
  single(item: Item): Promise<Result>;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly within: <T>(work: () => T) => T;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Few enough that a statement stays short, and that a batch which has to be done one by one is not long in doing it. */
const AT_MOST = 64;

/**
 * Lets what runs at the same time share a transaction: what comes while a batch is under way makes up the next one. So
 * nothing waits longer than the batch before it takes, and what comes alone does not wait at all.
 */
export class Batches<Item, Result> {
  private readonly waiting: Entry<Item, Result>[] = [];
  private isUnderWay = false;

  constructor(private readonly work: BatchWork<Item, Result>) {}

  /** @throws ContextError when the call that it is for has ended; one that ends later does not call it off any more */
  async add(item: Item): Promise<Result> {
    throwIfCallCancelled();
    const within = AsyncLocalStorage.snapshot();
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, within, resolve, reject });
      if (this.isUnderWay) return;
      this.isUnderWay = true;
      // Not before all that this turn of the event loop brings is there. Whoever began it may leave; the others stay.
      runDetached(() => setImmediate(() => void this.doAll()));
    });
  }

  private async doAll(): Promise<void> {
    while (this.waiting.length > 0) await this.run(this.waiting.splice(0, AT_MOST));
    this.isUnderWay = false;
  }

  private async run(batch: readonly Entry<Item, Result>[]): Promise<void> {
    if (await this.doBatch(batch)) return;
    await Promise.all(batch.map((entry) => this.doSingle(entry)));
  }

  /** False when nothing was done. */
  private async doBatch(batch: readonly Entry<Item, Result>[]): Promise<boolean> {
    try {
      const results = await this.work.batch(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
      return true;
    } catch (error) {
      // Whether it was committed is not known then, so whoever asked must find out.
      if (this.work.repeatable || !hasCode(error, 'unavailable')) return false;
      for (const { reject } of batch) reject(error);
      return true;
    }
  }

  private async doSingle({ item, within, resolve, reject }: Entry<Item, Result>): Promise<void> {
    await within(async () => this.work.single(item)).then(resolve, reject);
  }
}

/** Ends a batch that cannot be done as one; what was done is rolled back, and each item is done on its own. */
export class BatchConflict extends Error {
  override readonly name = 'BatchConflict';
}
