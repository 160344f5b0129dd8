import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { describeError } from '@fissile/kit/contract';
import type { Transaction } from '@fissile/kit/database';

const ORDERS = 'orders_total';

/** Counts how placements end. */
@Injectable()
export class OrderMetrics {
  constructor(@InjectMetric(ORDERS) private readonly orders: Counter) {
    // What has never been there cannot be seen to rise from nothing to one.
    orders.inc({ outcome: 'confirmed' }, 0);
  }

  /** @param outcome `confirmed`, or the code of the reason why it was cancelled */
  placementEnds(transaction: Transaction, outcome: string): void {
    // A code that a newer process of another context told could be any text.
    const known = outcome === 'confirmed' || describeError(outcome) ? outcome : 'other';
    transaction.afterCommit(() => this.orders.inc({ outcome: known }));
  }
}

export const orderMetricProviders = [
  OrderMetrics,
  makeCounterProvider({
    name: ORDERS,
    help: 'Placements of orders that have ended: confirmed, or the code of why they were cancelled',
    labelNames: ['outcome'],
  }),
];
