import { Module, type Provider } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { requirePackages } from '@fissile/kit/host';
import { HealthRegistry } from '@fissile/kit/health';
import { EdgeLimits } from '@fissile/kit/http';
import { TransportSettings } from '@fissile/kit/rpc';
import { BucketStorage } from './bucket-storage.js';
import { ClientLimits } from './client-limits.js';
import { EdgeThrottlerGuard } from './edge-throttler.guard.js';
import { MemoryBucketStorage } from './memory-bucket-storage.js';
import type { RedisBuckets } from './redis-buckets.js';
import { SharedBucketStorage } from './shared-bucket-storage.js';
import { throttleMetricProviders } from './throttle-metrics.js';
import { ThrottleSettings } from './throttle.settings.js';

const storage: Provider = {
  provide: BucketStorage,
  inject: [ThrottleSettings, TransportSettings, HealthRegistry],
  useFactory: async (
    settings: ThrottleSettings,
    transport: TransportSettings,
    health: HealthRegistry,
  ): Promise<BucketStorage> => {
    if (settings.THROTTLE_STORAGE === 'memory') return new MemoryBucketStorage();
    // The driver is loaded only where it is used.
    requirePackages('THROTTLE_STORAGE=redis', ['ioredis']);
    const { RedisBuckets } = await import('./redis-buckets.js');
    const redis = new RedisBuckets({
      settings: transport,
      prefix: transport.TRANSPORT_PREFIX,
      timeoutMs: settings.THROTTLE_REDIS_TIMEOUT_MS,
    });
    await redis.connect();
    watch(redis, health, settings);
    return new SharedBucketStorage(redis, settings);
  },
};

/**
 * Without Redis, the gateway refuses all requests if the setting says so; else it serves all, and /health reports
 * Redis as down.
 */
function watch(redis: RedisBuckets, health: HealthRegistry, settings: ThrottleSettings): void {
  if (settings.THROTTLE_WHEN_REDIS_FAILS === 'closed') return health.add('redis', () => redis.ping());
  health.addSource(() =>
    redis.ping().then(
      () => ({ redis: 'up' as const }),
      () => ({ redis: 'down' as const }),
    ),
  );
}

@Module({ providers: [storage], exports: [BucketStorage] })
class BucketStorageModule {}

/** Provides the client rate limit for the process that imports it: the one at the edge. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      imports: [BucketStorageModule],
      inject: [BucketStorage],
      // These numbers are not used: the cost of each request is looked up per request, since settings change.
      useFactory: (buckets: BucketStorage) => ({ throttlers: [{ limit: 1, ttl: 1 }], storage: buckets }),
    }),
  ],
  providers: [
    EdgeThrottlerGuard,
    { provide: EdgeLimits, useExisting: EdgeThrottlerGuard },
    ClientLimits,
    ...throttleMetricProviders,
  ],
  exports: [EdgeThrottlerGuard, EdgeLimits],
})
export class ThrottlingModule {}
