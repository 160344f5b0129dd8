import { type DynamicModule, Module } from '@nestjs/common';
import { breakerMetricProviders } from './breaker-metrics.js';
import { Breakers } from './breakers.js';
import { CallTimes } from './call-times.js';
import { fallbackProviders, Fallbacks } from './fallbacks.js';
import { inFlightMetricProvider } from './in-flight-metric.js';
import { refusedMessagesMetricProvider } from '../refused-messages-metric.js';
import { trustMetricProvider } from '../trust-metric.js';

/** Provides the breakers of the process. */
@Module({})
export class ResilienceModule {
  static forProcess(): DynamicModule {
    return {
      module: ResilienceModule,
      global: true,
      providers: [
        Breakers,
        CallTimes,
        ...breakerMetricProviders,
        inFlightMetricProvider,
        trustMetricProvider,
        refusedMessagesMetricProvider,
        ...fallbackProviders,
      ],
      exports: [Breakers, CallTimes, Fallbacks],
    };
  }
}
