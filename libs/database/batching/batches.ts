import { AsyncLocalStorage } from 'node:async_hooks';
import { hasCode } from '@fissile/kit/contract';
import { runDetached, throwIfCallCancelled } from '@fissile/kit/request';

/**
 * Does one kind of work for all items, maybe only one, in one transaction, and gives their results in the same order.
 * Rejects with nothing done. What rejects for several is done for each on its own, as a batch of one, so that each fails, or
 * succeeds, by itself: the work need not tell which of them was to blame.
 */
export type BatchWork<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

export interface BatchOptions {
  /** Doing it again does no harm, even if it was committed. */
  readonly repeatable?: boolean;
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

  constructor(
    private readonly work: BatchWork<Item, Result>,
    private readonly options: BatchOptions = {},
  ) {}

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
    try {
      const results = await this.work(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (batch.length > 1 && this.mayRepeat(error))
        await Promise.all(batch.map((entry) => this.runOne(entry)));
      else for (const { reject } of batch) reject(error);
    }
  }

  /** Whether it was committed is not known when the database went away, so whoever asked must find out. */
  private mayRepeat(error: unknown): boolean {
    return this.options.repeatable === true || !hasCode(error, 'unavailable');
  }

  /** Runs as a part of the request that the item came with. */
  private async runOne({ item, within, resolve, reject }: Entry<Item, Result>): Promise<void> {
    await within(async () => (await this.work([item]))[0] as Result).then(resolve, reject);
  }
}
