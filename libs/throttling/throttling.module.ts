import { Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { MemoryBucketStorage } from './bucket-storage.js';
import { EdgeThrottlerGuard } from './edge-throttler.guard.js';
import { ThrottleSettings } from './throttle.settings.js';

/** Has the limit of clients for the process that imports it: the one at the edge. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [ThrottleSettings],
      useFactory: (settings: ThrottleSettings) => ({
        throttlers: [
          {
            // Asked for at each request, since they may change while the process runs.
            limit: () => settings.THROTTLE_BURST,
            ttl: () => Math.ceil((settings.THROTTLE_BURST / settings.THROTTLE_RATE) * 1000),
          },
        ],
        storage: new MemoryBucketStorage(settings),
      }),
    }),
  ],
  providers: [EdgeThrottlerGuard],
  exports: [EdgeThrottlerGuard],
})
export class ThrottlingModule {}
