import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ContextError } from '#libs/contracts';
import { Inventory } from '#libs/contracts/inventory';
import { OrderCancelled, OrderConfirmed } from '#libs/contracts/orders';
import { type ChargeRequest, Payments } from '#libs/contracts/payments';
import { NotTogether, type Transaction } from '#libs/database';
import { Outbox } from '#libs/messaging';
import { defineSaga, type Failure, FOR_EVER, noUndo, type SagaAtStep, SagaEngine } from '#libs/saga';
import { IdempotencyKeys } from '../data/idempotency-keys.js';
import { OrderRepository } from '../data/order-repository.js';
import type { OrderLine } from '../domain/order.js';
import { OrderMetrics } from '../order-metrics.js';

export interface PlaceOrderData {
  readonly orderId: string;
  readonly userId: string;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly currency: string;
  readonly paymentMethod: string;
  readonly idempotency: { readonly key: string; readonly requestHash: string } | null;
  readonly paymentId?: string;
}

/** Places an order: all of it, or nothing that is not taken back. */
@Injectable()
export class PlaceOrderSaga implements OnModuleInit {
  private readonly definition = defineSaga<PlaceOrderData>({
    name: 'place-order',
    version: 1,
    subject: (data) => data.orderId,
    steps: (step) => [
      step.transaction('create-order', {
        do: (transaction, data) => this.create(transaction, [data]),
        doMany: async (transaction, sagas) => {
          await this.create(
            transaction,
            sagas.map(({ data }) => data),
          );
          return [];
        },
        undo: step.undoInTransaction('cancel-order', (transaction, data, failure) =>
          this.cancel(transaction, data, failure),
        ),
      }),
      step.call('reserve-inventory', {
        do: async ({ orderId, lines }) => {
          await this.inventory.reserve({
            orderId,
            lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
          });
        },
        undo: step.undoByCall('release-inventory', async ({ orderId }) => {
          await this.inventory.release({ orderId });
        }),
      }),
      step.call('process-payment', {
        // Whether the customer has been charged is never guessed: it is asked for until it is known.
        retry: FOR_EVER,
        do: async (data) => {
          const { paymentId } = await this.payments.charge(chargeOf(data));
          return { paymentId };
        },
        undo: step.undoByCall('refund-payment', async (data) => {
          await this.payments.refundOrder({ orderId: data.orderId, charge: chargeOf(data) });
        }),
      }),
      step.transaction('confirm-order', {
        do: async (transaction, data) => {
          const own = { data, within: <T>(work: () => T): T => work() };
          if (!(await this.confirm(transaction, [own]))) throw ContextError.of('cancelled_by_customer');
        },
        doMany: async (transaction, sagas) => {
          if (!(await this.confirm(transaction, sagas))) throw new NotTogether();
          return [];
        },
        undo: noUndo(
          'It is the last step: once it is committed the order stands, and is cancelled by a saga of its own',
        ),
      }),
    ],
  });

  constructor(
    private readonly engine: SagaEngine,
    private readonly orders: OrderRepository,
    private readonly keys: IdempotencyKeys,
    private readonly outbox: Outbox,
    private readonly inventory: Inventory,
    private readonly payments: Payments,
    private readonly metrics: OrderMetrics,
  ) {}

  onModuleInit(): void {
    this.engine.register(this.definition);
  }

  /** @returns the saga's id, once the order exists */
  start(data: PlaceOrderData): Promise<string> {
    return this.engine.start(this.definition, data);
  }

  private async create(transaction: Transaction, placements: readonly PlaceOrderData[]): Promise<void> {
    const keys = placements.flatMap(({ orderId, userId, idempotency }) =>
      idempotency
        ? [
            {
              orderId,
              userId,
              key: idempotency.key,
              requestHash: Buffer.from(idempotency.requestHash, 'hex'),
            },
          ]
        : [],
    );
    await this.keys.insert(transaction, keys);
    await this.orders.insert(
      transaction,
      placements.map(({ orderId, ...order }) => ({ id: orderId, ...order })),
    );
  }

  /** False, with some of them confirmed, when one is not pending any more, or its cancellation was asked for. */
  private async confirm(
    transaction: Transaction,
    placements: readonly SagaAtStep<PlaceOrderData>[],
  ): Promise<boolean> {
    const paid = placements.map(({ data: { orderId, paymentId = '' } }) => ({ orderId, paymentId }));
    if ((await this.orders.confirm(transaction, paid)) < placements.length) return false;
    placements.forEach(() => this.metrics.placementEnds(transaction, 'confirmed'));
    const events = placements.map(({ data: { orderId, userId, totalMinor, currency }, within }) => {
      const total = { amountMinor: totalMinor, currency };
      return within(() => this.outbox.prepare(OrderConfirmed, { orderId, userId, total }));
    });
    await this.outbox.addPrepared(transaction, events);
    return true;
  }

  private async cancel(transaction: Transaction, data: PlaceOrderData, failure: Failure): Promise<void> {
    const { orderId, userId, totalMinor, currency, paymentId = null } = data;
    const reason = { code: failure.code, message: failure.message };
    if (!(await this.orders.cancel(transaction, orderId, reason, paymentId))) return;
    this.metrics.placementEnds(transaction, failure.code);
    const total = { amountMinor: totalMinor, currency };
    await this.outbox.add(transaction, OrderCancelled, { orderId, userId, total, reason });
  }
}

function chargeOf({ orderId, userId, totalMinor, currency, paymentMethod }: PlaceOrderData): ChargeRequest {
  return { orderId, userId, amount: { amountMinor: totalMinor, currency }, method: paymentMethod };
}
