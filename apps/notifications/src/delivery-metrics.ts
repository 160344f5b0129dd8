import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';

const NOTIFICATIONS = 'notifications_total';

const OUTCOMES = ['sent', 'failed', 'refused', 'no_address', 'withheld'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Counts delivery attempts. */
@Injectable()
export class DeliveryMetrics {
  constructor(@InjectMetric(NOTIFICATIONS) private readonly notifications: Counter) {
    // A counter that has never been exported cannot be seen to rise from zero to one.
    for (const outcome of OUTCOMES) notifications.inc({ outcome }, 0);
  }

  /**
   * @param outcome `failed` for an attempt that will be retried, `refused` for a final one, `no_address` when there is nobody
   * to send to, `withheld` when the address is not verified
   */
  count(outcome: Outcome): void {
    this.notifications.inc({ outcome });
  }
}

export const deliveryMetricProviders = [
  DeliveryMetrics,
  makeCounterProvider({
    name: NOTIFICATIONS,
    help: 'Attempts to send a notification, by outcome',
    labelNames: ['outcome'],
  }),
];
