import { LruMap } from '@fissile/kit/async';
import { BucketStorage, type RateLimitResult } from './bucket-storage.js';
import { type BucketState, type RequestCost, fill, takeFrom } from './token-bucket.js';

/** The maximum number of buckets: above it, the least recently used is evicted, and so is full again. */
const MAX_BUCKETS = 100_000;

/** Stores token buckets in the memory of this process. */
export class MemoryBucketStorage extends BucketStorage {
  private readonly buckets = new LruMap<string, BucketState>({ maxEntries: MAX_BUCKETS });

  async take(_client: string, costs: readonly RequestCost[]): Promise<RateLimitResult> {
    const now = Date.now();
    const filled = costs.map(({ key, limit }) => fill(this.buckets.get(key), limit, now));
    const taken = takeFrom(filled, costs);
    const allowed = taken.every((one) => one.allowed);
    costs.forEach(({ key, limit, cost }, index) => {
      const before = filled[index] ?? 0;
      this.buckets.set(key, { tokens: allowed ? before - Math.min(cost, limit.burst) : before, at: now });
    });
    return { taken, fromFallback: false };
  }
}
