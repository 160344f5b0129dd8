import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { type BucketState, takeToken } from './token-bucket.js';
import { ThrottleSettings } from './throttle.settings.js';

/** More clients than this at a time: the one that was seen longest ago is forgotten, and so starts with a full bucket. */
const MAX_CLIENTS = 100_000;

type Increment = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Keeps a token bucket for each client in memory. */
@Injectable()
export class MemoryBucketStorage implements ThrottlerStorage {
  /** In the order of their last use. */
  private readonly buckets = new Map<string, BucketState>();

  constructor(private readonly settings: ThrottleSettings) {}

  async increment(key: string): Promise<Increment> {
    const { THROTTLE_RATE: rate, THROTTLE_BURST: burst } = this.settings;
    const { state, taken } = takeToken(this.buckets.get(key), { rate, burst }, Date.now());
    this.buckets.delete(key);
    this.buckets.set(key, state);
    if (this.buckets.size > MAX_CLIENTS) this.forgetOldest();
    return {
      totalHits: burst - taken.remaining,
      timeToExpire: Math.ceil(taken.fullAfter),
      isBlocked: !taken.allowed,
      timeToBlockExpire: Math.ceil(taken.retryAfter),
    };
  }

  private forgetOldest(): void {
    const oldest = this.buckets.keys().next();
    if (!oldest.done) this.buckets.delete(oldest.value);
  }
}
