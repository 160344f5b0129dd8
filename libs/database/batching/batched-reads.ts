import { Batches } from './batches.js';

/** Combines concurrent reads of single items into one statement. */
export class BatchedReads<Key, Value> {
  private readonly batches: Batches<Key, Value>;

  /** @param read returns the values of all keys, in the same order */
  constructor(read: (keys: readonly Key[]) => Promise<readonly Value[]>) {
    this.batches = new Batches(read, { cancellable: true });
  }

  /** Rejects with the error of the read. */
  get(key: Key): Promise<Value> {
    return this.batches.add(key);
  }
}
