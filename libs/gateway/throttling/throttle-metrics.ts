import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';

const REQUESTS = 'throttle_requests_total';

/** `storage_failed`: Redis did not count the request, whatever the fallback decided. */
export type ThrottleOutcome = 'allowed' | 'limited' | 'unlimited' | 'storage_failed';

/** Counts the outcomes of rate limiting. */
@Injectable()
export class ThrottleMetrics {
  constructor(@InjectMetric(REQUESTS) private readonly requestsTotal: Counter) {}

  request(outcome: ThrottleOutcome): void {
    this.requestsTotal.inc({ outcome });
  }
}

export const throttleMetricProviders = [
  ThrottleMetrics,
  makeCounterProvider({
    name: REQUESTS,
    help: 'Requests at the limit of clients, by outcome: allowed, limited, unlimited or storage_failed',
    labelNames: ['outcome'],
  }),
];
