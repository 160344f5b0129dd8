import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import type { Transaction } from '@fissile/kit/database';
import { PaymentRepository } from './data/payment-repository.js';
import type { PaymentStatus } from './domain/payment.js';

const PAYMENTS = 'payments_total';
const OUTCOMES: readonly PaymentStatus[] = [
  'captured',
  'declined',
  'pending',
  'unknown',
  'refunded',
  'refund_failed',
];

/** Counts the outcomes of charges and refunds, once they are committed. */
@Injectable()
export class PaymentMetrics {
  constructor(@InjectMetric(PAYMENTS) private readonly payments: Counter) {
    // A counter that has never been exported cannot be seen to rise from zero to one.
    for (const outcome of OUTCOMES) payments.inc({ outcome }, 0);
  }

  /**
   * @param outcome `refunded` for each completed refund, partial or full, `refund_failed` for each that is refused for good;
   *   `unknown` until the provider reports one, `pending` until the customer has acted
   */
  count(transaction: Transaction, outcome: PaymentStatus): void {
    transaction.afterCommit(() => this.payments.inc({ outcome }));
  }
}

export const paymentMetricProviders = [
  PaymentMetrics,
  makeCounterProvider({
    name: PAYMENTS,
    help: 'Charges captured, declined, pending or of unknown outcome, and refunds done or refused for good',
    labelNames: ['outcome'],
  }),
  makeGaugeProvider({
    name: 'payments_refund_failed',
    help: 'Payments with a refund that the provider refuses, for somebody to settle',
    inject: [PaymentRepository],
    async collect(this: Gauge, payments: PaymentRepository) {
      // An unavailable database has no figures; its health check reports that.
      await payments.countRefundFailed().then(
        (count) => this.set(count),
        () => this.reset(),
      );
    },
  }),
];
