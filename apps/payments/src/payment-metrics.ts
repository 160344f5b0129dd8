import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { Transaction } from '@fissile/kit/database';
import type { PaymentStatus } from './domain/payment.js';

const PAYMENTS = 'payments_total';

/** Counts the outcomes of charges and refunds, once they are committed. */
@Injectable()
export class PaymentMetrics {
  constructor(@InjectMetric(PAYMENTS) private readonly payments: Counter) {
    // A counter that has never been exported cannot be seen to rise from zero to one.
    for (const outcome of ['captured', 'declined', 'unknown', 'refunded']) payments.inc({ outcome }, 0);
  }

  /**
   * @param outcome `refunded` for each completed refund, partial or full; `unknown` until the provider reports one
   */
  count(transaction: Transaction, outcome: PaymentStatus): void {
    transaction.afterCommit(() => this.payments.inc({ outcome }));
  }
}

export const paymentMetricProviders = [
  PaymentMetrics,
  makeCounterProvider({
    name: PAYMENTS,
    help: 'Charges captured, declined or of unknown outcome, and refunds done',
    labelNames: ['outcome'],
  }),
];
