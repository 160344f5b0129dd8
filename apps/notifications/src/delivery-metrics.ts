import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';

const NOTIFICATIONS = 'notifications_total';

/** Counts attempts to send. */
@Injectable()
export class DeliveryMetrics {
  constructor(@InjectMetric(NOTIFICATIONS) private readonly notifications: Counter) {
    // What has never been there cannot be seen to rise from nothing to one.
    for (const outcome of ['sent', 'failed', 'refused']) notifications.inc({ outcome }, 0);
  }

  /** @param outcome `failed` for an attempt after which another one follows, `refused` for one that was the last */
  count(outcome: 'sent' | 'failed' | 'refused'): void {
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
