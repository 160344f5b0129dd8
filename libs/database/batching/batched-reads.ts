import { Batches } from './batches.js';

/** Lets reads of single things that are asked for at the same time share a statement. */
export class BatchedReads<Key, Value> {
  private readonly batches: Batches<Key, Value>;

  /** @param read gives the values of all keys, in the same order */
  constructor(read: (keys: readonly Key[]) => Promise<readonly Value[]>) {
    this.batches = new Batches(read);
  }

  /** Rejects as the read does. */
  get(key: Key): Promise<Value> {
    return this.batches.add(key);
  }
}
