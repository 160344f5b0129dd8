import { Injectable } from '@nestjs/common';
import { SagaEngine } from '@fissile/kit/saga';
import { OrderRepository } from './data/order-repository.js';
import type { Order, OrderStatus } from './domain/order.js';
import { dataOf } from './sagas/order-data.js';
import { ReturnOrderSaga } from './sagas/return-order.saga.js';
import { ShipOrderSaga } from './sagas/ship-order.saga.js';

/** How long a request waits for the end of its saga before it returns. */
const ANSWER_WITHIN_MS = 5_000;

/** Ships confirmed orders, and takes back shipped ones. */
@Injectable()
export class ShipOrderService {
  constructor(
    private readonly orders: OrderRepository,
    private readonly shipping: ShipOrderSaga,
    private readonly returning: ReturnOrderSaga,
    private readonly engine: SagaEngine,
  ) {}

  /**
   * Ships the order unless that has begun or is done; returns the order as it is then.
   * @throws ContextError order_not_shippable
   */
  ship(order: Order): Promise<Order> {
    return this.run(this.shipping, order, ['shipping', 'shipped']);
  }

  /**
   * Takes the goods back unless that has begun or is done; returns the order as it is then.
   * @throws ContextError order_not_returnable
   */
  takeBack(order: Order): Promise<Order> {
    return this.run(this.returning, order, ['returning', 'returned']);
  }

  private async run(
    saga: ShipOrderSaga | ReturnOrderSaga,
    order: Order,
    reached: readonly OrderStatus[],
  ): Promise<Order> {
    try {
      const sagaId = await saga.start(dataOf(order));
      await this.engine.waitForEnd(sagaId, ANSWER_WITHIN_MS);
    } catch (error) {
      // An earlier request, or a concurrent one, may have done it.
      const current = await this.orders.find(order.id);
      if (!current || !reached.includes(current.status)) throw error;
      return current;
    }
    return (await this.orders.find(order.id)) ?? order;
  }
}
