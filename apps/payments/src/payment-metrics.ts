import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { Transaction } from '@fissile/kit/database';
import type { PaymentStatus } from './domain/payment.js';

const PAYMENTS = 'payments_total';

/** Counts what becomes of charges and refunds, once it is committed. */
@Injectable()
export class PaymentMetrics {
  constructor(@InjectMetric(PAYMENTS) private readonly payments: Counter) {
    // What has never been there cannot be seen to rise from nothing to one.
    for (const outcome of ['captured', 'declined', 'unknown', 'refunded']) payments.inc({ outcome }, 0);
  }

  /** @param outcome `refunded` for each refund that is done, in part or whole; `unknown` until the provider has told */
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
