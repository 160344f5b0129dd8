import type { ThrottlerStorage } from '@nestjs/throttler';
import type { RequestCost, Taken } from './token-bucket.js';

type Increment = Awaited<ReturnType<ThrottlerStorage['increment']>>;

export interface RateLimitResult {
  /** One for each demand. */
  readonly taken: readonly Taken[];
  /** Whether the buckets that all gateways share could not be reached, so that those of this process decided. */
  readonly fromFallback: boolean;
}

/** Keeps token buckets. */
export abstract class BucketStorage implements ThrottlerStorage {
  /**
   * Takes from all of the buckets, or from none when one has too little.
   * @param client whose buckets they are
   * @throws ContextError unavailable when that cannot be known, and must not be guessed
   */
  abstract take(client: string, costs: readonly RequestCost[]): Promise<RateLimitResult>;

  /** What @nestjs/throttler asks of a storage: a bucket that holds the limit, and fills in that time. */
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
