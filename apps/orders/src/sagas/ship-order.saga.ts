import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { AuditLog } from '@fissile/kit/operations';
import { Inventory } from '#contracts/inventory';
import { OrderShipped } from '#contracts/orders';
import type { Transaction } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import { defineSaga, FOR_EVER, noUndo, SagaEngine } from '@fissile/kit/saga';
import { OrderRepository } from '../data/order-repository.js';
import type { OrderData } from './order-data.js';

const ONLY_FORWARD = noUndo('Goods that have left the shop come back by a return, a saga of its own');

/** Records that the goods of a confirmed order have left, and takes them off the stock. */
@Injectable()
export class ShipOrderSaga implements OnModuleInit {
  private readonly definition = defineSaga<OrderData>({
    name: 'ship-order',
    version: 1,
    subject: (data) => data.orderId,
    steps: (step) => [
      step.transaction('begin-shipping', {
        do: async (transaction, { orderId }) => {
          if (!(await this.orders.move(transaction, orderId, 'shipping')))
            throw ContextError.of('order_not_shippable');
          await this.audit.record(transaction, { action: 'order.shipped', subject: orderId });
        },
        undo: ONLY_FORWARD,
      }),
      step.call('ship-inventory', {
        retry: FOR_EVER,
        do: async ({ orderId }) => {
          await this.inventory.ship({ orderId });
        },
        undo: ONLY_FORWARD,
      }),
      step.transaction('ship-order', {
        retry: FOR_EVER,
        do: (transaction, data) => this.finish(transaction, data),
        undo: ONLY_FORWARD,
      }),
    ],
  });

  constructor(
    private readonly engine: SagaEngine,
    private readonly orders: OrderRepository,
    private readonly outbox: Outbox,
    private readonly inventory: Inventory,
    private readonly audit: AuditLog,
  ) {}

  onModuleInit(): void {
    this.engine.register(this.definition);
  }

  /**
   * @returns the saga's id
   * @throws ContextError order_not_shippable when the order is not confirmed
   */
  start(data: OrderData): Promise<string> {
    return this.engine.start(this.definition, data);
  }

  private async finish(transaction: Transaction, data: OrderData): Promise<void> {
    const { orderId, userId, totalMinor, currency } = data;
    if (!(await this.orders.move(transaction, orderId, 'shipped'))) return;
    const total = { amountMinor: totalMinor, currency };
    this.outbox.add(transaction, OrderShipped, { orderId, userId, total });
  }
}
