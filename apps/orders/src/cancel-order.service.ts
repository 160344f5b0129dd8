import { Injectable } from '@nestjs/common';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import { Sagas } from '@fissile/kit/saga';
import { CancellationRecord } from './cancellation-record.js';
import { OrderRepository } from './data/order-repository.js';
import type { Order, OrderStatus } from './domain/order.js';
import { CancelOrderSaga } from './sagas/cancel-order.saga.js';
import { dataOf } from './sagas/order-data.js';

/** How often the order may change concurrently before this gives up: a placement ends once. */
const MAX_TRIES = 3;

const HAS_LEFT: Partial<Record<OrderStatus, string>> = {
  shipping: 'The order has been shipped: it can be returned, not cancelled',
  shipped: 'The order has been shipped: it can be returned, not cancelled',
  returning: 'The order is being returned',
  returned: 'The order has been returned',
};

/** Cancels an order at the request of its owner or of an admin. */
@Injectable()
export class CancelOrderService {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderRepository,
    private readonly saga: CancelOrderSaga,
    private readonly sagas: Sagas,
    private readonly record: CancellationRecord,
  ) {}

  /** Starts the cancellation, unless it has started or is done; returns the order as it is then. */
  async cancel(order: Order): Promise<Order> {
    let current = order;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (current.status === 'cancelled' || current.status === 'cancelling') return current;
      if (HAS_LEFT[current.status]) break;
      const begun =
        current.status === 'pending' ? await this.stopPlacement(current) : await this.takeBack(current);
      current = (await this.orders.find(current.id)) ?? current;
      if (begun) return current;
    }
    throw ContextError.of('order_not_cancellable', HAS_LEFT[current.status]);
  }

  private async stopPlacement({ id, userId }: Order): Promise<boolean> {
    const isRequested = await this.database.transaction(async (transaction) => {
      if (!(await this.orders.requestCancellation(transaction, id))) return false;
      await this.record.add(transaction, id, userId);
      return true;
    });
    if (isRequested) await this.abortPlacement(id);
    return isRequested;
  }

  /** It may wait for the customer, or for payments to come back, who need not be waited for any more. */
  private async abortPlacement(orderId: string): Promise<void> {
    for (const saga of await this.sagas.bySubject(orderId)) {
      if (saga.status !== 'running') continue;
      await this.sagas.abort(saga.id).catch((error: unknown) => {
        if (!hasCode(error, 'saga_ended')) throw error;
      });
    }
  }

  private async takeBack(order: Order): Promise<boolean> {
    try {
      await this.saga.start(dataOf(order));
      return true;
    } catch (error) {
      if (hasCode(error, 'order_not_cancellable')) return false;
      throw error;
    }
  }
}
