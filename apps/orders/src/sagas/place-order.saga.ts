import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ContextError, requireError } from '@fissile/kit/contract';
import { Inventory } from '#contracts/inventory';
import { OrderCancelled, OrderConfirmed } from '#contracts/orders';
import { type ChargeRequest, Payments, PaymentSettled } from '#contracts/payments';
import type { Transaction } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import {
  defineSaga,
  type Failure,
  noUndo,
  type SagaAtStep,
  SagaEngine,
  type SagaRecord,
} from '@fissile/kit/saga';
import { IdempotencyKeys } from '../data/idempotency-keys.js';
import { OrderRepository } from '../data/order-repository.js';
import type { CancelReason, Order, OrderLine } from '../domain/order.js';
import { OrdersSettings } from '../orders.settings.js';
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
  /** The payment waits for the customer. */
  readonly isPaymentPending?: boolean;
  /** ISO 8601; absent in sagas that started, or passed this step, before the field existed. */
  readonly createdAt?: string;
  readonly confirmedAt?: string;
}

/** The contexts that a placement calls. */
export const CALLED = ['payments', 'inventory'] as const;

export type CalledContext = (typeof CALLED)[number];

const CALLS: Readonly<Record<CalledContext, readonly string[]>> = {
  payments: ['process-payment', 'refund-payment'],
  inventory: ['reserve-inventory', 'release-inventory'],
};

/** Those of version 1, whose placements never wait, go on by the steps of the second. */
const VERSIONS = [1, 2] as const;
const LATEST = 2;

/** Places an order completely, or compensates every step. */
@Injectable()
export class PlaceOrderSaga implements OnModuleInit {
  private readonly definition = defineSaga<PlaceOrderData>({
    name: 'place-order',
    version: LATEST,
    subject: (data) => data.orderId,
    steps: (step) => [
      step.transaction('create-order', {
        doMany: async (transaction, sagas) => {
          this.create(
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
        // Whether the customer was charged is never guessed: payments is asked until the outcome is known, at the saga's
        // deadline by the undo, which is retried without end and refunds what was charged.
        do: async (data) => {
          const { paymentId, isPending } = await this.payments.charge(chargeOf(data));
          return isPending ? { paymentId, isPaymentPending: true } : { paymentId };
        },
        undo: step.undoByCall('refund-payment', async (data) => {
          await this.payments.refundOrder({ orderId: data.orderId, charge: chargeOf(data) });
        }),
      }),
      step.waitFor('await-customer', {
        event: PaymentSettled,
        key: ({ paymentId }) => paymentId ?? '',
        when: ({ isPaymentPending = false }) => isPaymentPending,
        take: (_data, settled) => requireCaptured(settled),
        withinMs: () => this.settings.PAYMENT_ACTION_SECONDS * 1_000,
        // The undo of the payment takes away what the customer could still confirm, and refunds what has just been.
        ifLate: () => {
          throw ContextError.of('payment_action_expired');
        },
      }),
      step.transaction('confirm-order', {
        doMany: async (transaction, sagas) => this.confirm(transaction, sagas),
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
    private readonly settings: OrdersSettings,
  ) {}

  onModuleInit(): void {
    for (const version of VERSIONS) this.engine.register({ ...this.definition, version });
  }

  /** Whether the placement waits for its customer to confirm the payment. */
  static awaitsCustomer({ waiting }: SagaRecord): boolean {
    return waiting?.event?.type === PaymentSettled.name;
  }

  /** The context that the placement's last call, or undo, went to. */
  static calledLast({ timeline }: SagaRecord): CalledContext | undefined {
    const name = timeline.at(-1)?.name ?? '';
    return CALLED.find((context) => CALLS[context].includes(name));
  }

  /** @returns the saga's id, once the order exists */
  start(data: PlaceOrderData): Promise<string> {
    return this.engine.start(this.definition, { ...data, createdAt: new Date().toISOString() });
  }

  /** The order that a placement ended with, as the saga knows it; undefined when only the database does. */
  static confirmedOrder({ status, data }: SagaRecord): Order | undefined {
    const { orderId: id, paymentId = null, createdAt, confirmedAt, ...order } = data as PlaceOrderData;
    if (status !== 'completed' || createdAt === undefined || confirmedAt === undefined) return undefined;
    const at = new Date(confirmedAt);
    return {
      ...order,
      id,
      paymentId,
      status: 'confirmed',
      reason: null,
      cancelRequested: false,
      createdAt: new Date(createdAt),
      confirmedAt: at,
      updatedAt: at,
    };
  }

  private create(transaction: Transaction, placements: readonly PlaceOrderData[]): void {
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
    this.keys.insert(transaction, keys);
    this.orders.insert(
      transaction,
      placements.map(({ orderId, createdAt, ...order }) => ({
        ...order,
        id: orderId,
        createdAt: createdAt === undefined ? new Date() : new Date(createdAt),
      })),
    );
  }

  /** @throws ContextError cancelled_by_customer when one is no longer pending, or its cancellation was requested */
  private confirm(
    transaction: Transaction,
    placements: readonly SagaAtStep<PlaceOrderData>[],
  ): { confirmedAt: string }[] {
    const confirmedAt = new Date();
    const paid = placements.map(({ data }) => ({
      orderId: data.orderId,
      paymentId: data.paymentId ?? '',
      confirmedAt,
    }));
    this.orders.confirm(transaction, paid, () => ContextError.of('cancelled_by_customer'));
    placements.forEach(() => this.metrics.placementEnds(transaction, 'confirmed'));
    const events = placements.map(({ data: { orderId, userId, totalMinor, currency }, within }) => {
      const total = { amountMinor: totalMinor, currency };
      return within(() => this.outbox.prepare(OrderConfirmed, { orderId, userId, total }));
    });
    this.outbox.addPrepared(transaction, events);
    return placements.map(() => ({ confirmedAt: confirmedAt.toISOString() }));
  }

  private async cancel(transaction: Transaction, data: PlaceOrderData, failure: Failure): Promise<void> {
    const { orderId, userId, totalMinor, currency, paymentId = null } = data;
    const reason = reasonOf(failure, await this.orders.isCancellationRequested(transaction, orderId));
    if (!(await this.orders.cancel(transaction, orderId, reason, paymentId))) return;
    this.metrics.placementEnds(transaction, reason.code);
    const total = { amountMinor: totalMinor, currency };
    this.outbox.add(transaction, OrderCancelled, { orderId, userId, total, reason });
  }
}

/** @throws ContextError payment_declined */
function requireCaptured({ outcome, reason }: { outcome: string; reason: string | null }): void {
  if (outcome === 'captured') return;
  throw ContextError.of('payment_declined', undefined, { reason: reason ?? 'declined' });
}

/** A placement that is aborted for its customer was not aborted by an operator. */
function reasonOf({ code, message }: Failure, isRequested: boolean): CancelReason {
  if (code !== 'saga_aborted' || !isRequested) return { code, message };
  return { code: 'cancelled_by_customer', message: requireError('cancelled_by_customer').title };
}

function chargeOf({ orderId, userId, totalMinor, currency, paymentMethod }: PlaceOrderData): ChargeRequest {
  const amount = { amountMinor: totalMinor, currency };
  return { orderId, userId, amount, method: paymentMethod, mayNeedAction: true };
}
