import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { BucketStorage, type RateLimitResult } from './bucket-storage.js';
import { MemoryBucketStorage } from './memory-bucket-storage.js';
import type { RedisBuckets } from './redis-buckets.js';
import type { ThrottleSettings } from './throttle.settings.js';
import type { RequestCost } from './token-bucket.js';

/** After a failure, requests skip Redis for this long: a hanging Redis must not slow down each request. */
const LEAVE_ALONE_MS = 1_000;

/**
 * Stores token buckets where all gateways share them. While Redis is unavailable, each gateway uses local buckets
 * (`open`), or refuses all requests (`closed`).
 */
export class SharedBucketStorage extends BucketStorage implements OnApplicationShutdown {
  private readonly logger = new Logger('Throttling');
  private readonly own = new MemoryBucketStorage();
  private leftAloneUntil = 0;
  private isFailing = false;

  constructor(
    private readonly redis: RedisBuckets,
    private readonly settings: ThrottleSettings,
  ) {
    super();
  }

  async take(client: string, costs: readonly RequestCost[]): Promise<RateLimitResult> {
    if (Date.now() < this.leftAloneUntil) return this.takeOwn(client, costs);
    try {
      const taken = await this.redis.take(client, costs);
      this.noteBack();
      return { taken, fromFallback: false };
    } catch (error) {
      this.noteFailure(error);
      return this.takeOwn(client, costs);
    }
  }

  onApplicationShutdown(): void {
    this.redis.close();
  }

  private async takeOwn(client: string, costs: readonly RequestCost[]): Promise<RateLimitResult> {
    if (this.settings.THROTTLE_WHEN_REDIS_FAILS === 'closed') {
      throw ContextError.of('unavailable', 'The rate limit cannot be checked', { retryAfter: 1 });
    }
    const { taken } = await this.own.take(client, costs);
    return { taken, fromFallback: true };
  }

  private noteFailure(error: unknown): void {
    this.leftAloneUntil = Date.now() + LEAVE_ALONE_MS;
    if (this.isFailing) return;
    this.isFailing = true;
    this.logger.warn(`Redis is unavailable for rate limiting: ${(error as Error).message}`);
  }

  private noteBack(): void {
    if (!this.isFailing) return;
    this.isFailing = false;
    this.logger.log('Redis is available for rate limiting again');
  }
}
