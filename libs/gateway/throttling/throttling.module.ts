import { Module, type Provider } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { HealthRegistry } from '@fissile/kit/health';
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
    { REDIS_URL: url, TRANSPORT_PREFIX: prefix }: TransportSettings,
    health: HealthRegistry,
  ): Promise<BucketStorage> => {
    if (settings.THROTTLE_STORAGE === 'memory') return new MemoryBucketStorage();
    // Its driver is loaded only where it is used.
    const { RedisBuckets } = await import('./redis-buckets.js');
    const redis = new RedisBuckets({ url, prefix, timeoutMs: settings.THROTTLE_REDIS_TIMEOUT_MS });
    await redis.connect();
    watch(redis, health, settings);
    return new SharedBucketStorage(redis, settings);
  },
};

/** Without Redis nothing is served where that is set; else all is, and /health tells that it is away. */
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

/** Has the limit of clients for the process that imports it: the one at the edge. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      imports: [BucketStorageModule],
      inject: [BucketStorage],
      // The numbers are of no use here: what a request takes is looked up for each, since settings change.
      useFactory: (buckets: BucketStorage) => ({ throttlers: [{ limit: 1, ttl: 1 }], storage: buckets }),
    }),
  ],
  providers: [EdgeThrottlerGuard, ClientLimits, ...throttleMetricProviders],
  exports: [EdgeThrottlerGuard],
})
export class ThrottlingModule {}
