import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { MemoryBucketStorage } from './bucket-storage.js';
import { EdgeThrottlerGuard } from './edge-throttler.guard.js';
import { ThrottleSettings } from './throttle.settings.js';

/** Limits the clients of the process that imports it: the one at the edge. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [ThrottleSettings],
      useFactory: (settings: ThrottleSettings) => ({
        throttlers: [
          {
            limit: settings.THROTTLE_BURST,
            ttl: Math.ceil((settings.THROTTLE_BURST / settings.THROTTLE_RATE) * 1000),
          },
        ],
        storage: new MemoryBucketStorage(settings),
      }),
    }),
  ],
  providers: [{ provide: APP_GUARD, useClass: EdgeThrottlerGuard }],
})
export class ThrottlingModule {}
