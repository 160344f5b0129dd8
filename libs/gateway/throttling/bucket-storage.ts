import type { ThrottlerStorage } from '@nestjs/throttler';
import type { RequestCost, Taken } from './token-bucket.js';

type Increment = Awaited<ReturnType<ThrottlerStorage['increment']>>;

export interface RateLimitResult {
  /** One for each bucket that was requested. */
  readonly taken: readonly Taken[];
  /** Whether the shared buckets were unavailable, so that the buckets of this process decided. */
  readonly fromFallback: boolean;
}

/** Stores token buckets. */
export abstract class BucketStorage implements ThrottlerStorage {
  /**
   * Takes tokens from all of the buckets, or from none when one has too few.
   * @param client the owner of the buckets
   * @throws ContextError unavailable when the storage cannot decide and must not guess
   */
  abstract take(client: string, costs: readonly RequestCost[]): Promise<RateLimitResult>;

  /** The storage method of @nestjs/throttler, as a bucket of `burst` tokens that refills in `ttlMs`. */
  async increment(key: string, ttlMs: number, burst: number): Promise<Increment> {
    const limit = { rate: (burst / ttlMs) * 1000, burst };
    const { taken } = await this.take(key, [{ key, limit, cost: 1 }]);
    const { allowed = true, remaining = burst, retryAfter = 0, fullAfter = 0 } = taken[0] ?? {};
    return {
      totalHits: burst - remaining,
      timeToExpire: Math.ceil(fullAfter),
      isBlocked: !allowed,
      timeToBlockExpire: Math.ceil(retryAfter),
    };
  }
}
