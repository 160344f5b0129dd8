import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { describeError } from '@fissile/kit/contract';
import type { Transaction } from '@fissile/kit/database';

const ORDERS = 'orders_total';

/** Counts placements by outcome. */
@Injectable()
export class OrderMetrics {
  constructor(@InjectMetric(ORDERS) private readonly orders: Counter) {
    // A counter that has never been exported cannot be seen to rise from zero to one.
    orders.inc({ outcome: 'confirmed' }, 0);
  }

  /** @param outcome `confirmed`, or the code of the reason why it was cancelled */
  placementEnds(transaction: Transaction, outcome: string): void {
    // A code from a newer version of another context could be any text.
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
