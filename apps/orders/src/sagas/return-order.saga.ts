import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { AuditLog } from '@fissile/kit/operations';
import { Inventory } from '#contracts/inventory';
import { OrderReturned } from '#contracts/orders';
import { Payments } from '#contracts/payments';
import type { Transaction } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import { defineSaga, FOR_EVER, noUndo, SagaEngine } from '@fissile/kit/saga';
import { OrderRepository } from '../data/order-repository.js';
import type { OrderData } from './order-data.js';

const ONLY_FORWARD = noUndo('A return that has begun is finished, however long it takes');

/** Takes the goods of a shipped order back: first the payment is refunded, then they are on hand again. */
@Injectable()
export class ReturnOrderSaga implements OnModuleInit {
  private readonly definition = defineSaga<OrderData>({
    name: 'return-order',
    version: 1,
    subject: (data) => data.orderId,
    steps: (step) => [
      step.transaction('begin-return', {
        do: async (transaction, { orderId }) => {
          if (!(await this.orders.move(transaction, orderId, 'returning')))
            throw ContextError.of('order_not_returnable');
          await this.audit.record(transaction, { action: 'order.returned', subject: orderId });
        },
        undo: ONLY_FORWARD,
      }),
      step.call('refund-payment', {
        retry: FOR_EVER,
        do: async ({ orderId }) => {
          await this.payments.refundOrder({ orderId, charge: undefined });
        },
        undo: ONLY_FORWARD,
      }),
      step.call('restock-inventory', {
        retry: FOR_EVER,
        do: async ({ orderId }) => {
          await this.inventory.restock({ orderId });
        },
        undo: ONLY_FORWARD,
      }),
      step.transaction('return-order', {
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
    private readonly payments: Payments,
    private readonly audit: AuditLog,
  ) {}

  onModuleInit(): void {
    this.engine.register(this.definition);
  }

  /**
   * @returns the saga's id
   * @throws ContextError order_not_returnable when the order is not shipped
   */
  start(data: OrderData): Promise<string> {
    return this.engine.start(this.definition, data);
  }

  private async finish(transaction: Transaction, data: OrderData): Promise<void> {
    const { orderId, userId, totalMinor, currency } = data;
    if (!(await this.orders.move(transaction, orderId, 'returned'))) return;
    const total = { amountMinor: totalMinor, currency };
    this.outbox.add(transaction, OrderReturned, { orderId, userId, total });
  }
}
