import { AsyncLocalStorage } from 'node:async_hooks';
import { CancellationToken } from '@fissile/kit/async';
import { hasCode } from '@fissile/kit/contract';
import { currentCall, runDetached, runInCall, throwIfCallCancelled } from '@fissile/kit/request';

/**
 * Does one kind of work for all items (one or more) in one transaction and returns their results in the same order.
 * When it rejects, nothing is done. A batch of several items that rejects is repeated item by item, as batches of
 * one, so that each item succeeds or fails by itself: the work need not report which item caused the failure.
 */
export type BatchWork<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

export interface BatchOptions {
  /** The work is idempotent: repeating it is harmless, even if it was committed. */
  readonly repeatable?: boolean;
  /** The work has no effect but its results: it is cancelled when nobody waits for any of them. */
  readonly cancellable?: boolean;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly within: <T>(work: () => T) => T;
  readonly cancellation: CancellationToken | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Small enough to keep the statement short, and to limit the time that a batch takes when it is repeated item by
 * item.
 */
const AT_MOST = 64;

/**
 * Lets concurrent work share a transaction: items that arrive while a batch is running form the next batch. So no
 * item waits longer than the previous batch takes, and an item that arrives alone does not wait.
 */
export class Batches<Item, Result> {
  private readonly waiting: Entry<Item, Result>[] = [];
  private isUnderWay = false;

  constructor(
    private readonly work: BatchWork<Item, Result>,
    private readonly options: BatchOptions = {},
  ) {}

  /**
   * @throws ContextError when the call that it belongs to is already cancelled; a later cancellation has no effect
   */
  async add(item: Item): Promise<Result> {
    throwIfCallCancelled();
    const within = AsyncLocalStorage.snapshot();
    const cancellation = currentCall()?.cancellation;
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, within, cancellation, resolve, reject });
      if (this.isUnderWay) return;
      this.isUnderWay = true;
      // Wait for everything that this turn of the event loop adds. The caller that started it may be cancelled; the
      // others stay.
      runDetached(() => setImmediate(() => void this.doAll()));
    });
  }

  private async doAll(): Promise<void> {
    while (this.waiting.length > 0) await this.run(this.waiting.splice(0, AT_MOST));
    this.isUnderWay = false;
  }

  private async run(batch: readonly Entry<Item, Result>[]): Promise<void> {
    try {
      const results = await this.forAll(batch, () => this.work(batch.map(({ item }) => item)));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (batch.length > 1 && this.mayRepeat(error))
        await Promise.all(batch.map((entry) => this.runOne(entry)));
      else for (const { reject } of batch) reject(error);
    }
  }

  private forAll<T>(batch: readonly Entry<Item, Result>[], work: () => T): T {
    const call = currentCall();
    const cancellation = this.options.cancellable
      ? cancelledWithAll(batch.map((entry) => entry.cancellation))
      : undefined;
    return call && cancellation ? runInCall({ ...call, cancellation }, work) : work();
  }

  /**
   * When the database became unavailable, it is unknown whether the batch was committed, so the caller must find out.
   */
  private mayRepeat(error: unknown): boolean {
    return this.options.repeatable === true || !hasCode(error, 'unavailable');
  }

  /** Runs in the context of the request that the item came with. */
  private async runOne({ item, within, resolve, reject }: Entry<Item, Result>): Promise<void> {
    await within(async () => (await this.work([item]))[0] as Result).then(resolve, reject);
  }
}

/** Cancelled once all of the others are; undefined when one is missing, because its work was not asked for by a call. */
function cancelledWithAll(others: readonly (CancellationToken | undefined)[]): CancellationToken | undefined {
  const all = new CancellationToken();
  let waiting = others.length;
  for (const other of others) {
    if (!other) return undefined;
    other.onCancel(() => {
      waiting -= 1;
      if (waiting === 0 && other.reason) all.cancel(other.reason);
    });
  }
  return all;
}
