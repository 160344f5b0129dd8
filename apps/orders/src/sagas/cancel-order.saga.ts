import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ContextError, requireError } from '@fissile/kit/contract';
import { Inventory } from '#contracts/inventory';
import { OrderCancelled } from '#contracts/orders';
import { Payments } from '#contracts/payments';
import type { Transaction } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import { defineSaga, FOR_EVER, noUndo, SagaEngine } from '@fissile/kit/saga';
import { CancellationRecord } from '../cancellation-record.js';
import { OrderRepository } from '../data/order-repository.js';
import type { OrderData } from './order-data.js';

export const CANCEL_ORDER = 'cancel-order';

const ONLY_FORWARD = noUndo('A cancellation that has begun is finished, however long it takes');

/** Compensates a confirmed order: first the payment, then the stock. */
@Injectable()
export class CancelOrderSaga implements OnModuleInit {
  private readonly definition = defineSaga<OrderData>({
    name: CANCEL_ORDER,
    version: 1,
    subject: (data) => data.orderId,
    steps: (step) => [
      step.transaction('begin-cancellation', {
        do: async (transaction, { orderId, userId }) => {
          if (!(await this.orders.move(transaction, orderId, 'cancelling')))
            throw ContextError.of('order_not_cancellable');
          await this.record.add(transaction, orderId, userId);
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
      step.call('release-inventory', {
        retry: FOR_EVER,
        do: async ({ orderId }) => {
          await this.inventory.release({ orderId });
        },
        undo: ONLY_FORWARD,
      }),
      step.transaction('cancel-order', {
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
    private readonly record: CancellationRecord,
  ) {}

  onModuleInit(): void {
    this.engine.register(this.definition);
  }

  /** @throws ContextError order_not_cancellable when the order is not confirmed */
  async start(data: OrderData): Promise<void> {
    await this.engine.start(this.definition, data);
  }

  private async finish(transaction: Transaction, data: OrderData): Promise<void> {
    const { orderId, userId, totalMinor, currency } = data;
    const reason = { code: 'cancelled_by_customer', message: requireError('cancelled_by_customer').title };
    if (!(await this.orders.cancel(transaction, orderId, reason, null))) return;
    const total = { amountMinor: totalMinor, currency };
    this.outbox.add(transaction, OrderCancelled, { orderId, userId, total, reason });
  }
}
