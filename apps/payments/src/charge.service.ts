import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ContextError, type EventEnvelope } from '@fissile/kit/contract';
import { PaymentCaptured, PaymentSettled } from '#contracts/payments';
import { BatchedReads, Batches, Database, type Transaction } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import { isChargedBefore, type PaymentOutcome, PaymentRepository } from './data/payment-repository.js';
import { isOpen, type Payment } from './domain/payment.js';
import {
  ChargeOutcomeUnknown,
  type ChargeOrder,
  type ChargeResult,
  PaymentProvider,
} from './domain/payment-provider.js';
import { PaymentMetrics } from './payment-metrics.js';
import { toContextError } from './provider-faults.js';
import { RefundService } from './refund.service.js';

export interface ChargeRequest {
  readonly orderId: string;
  readonly userId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: string;
  /** Whether the caller can wait for a payment that needs the customer. */
  readonly mayNeedAction?: boolean;
}

export interface ChargedPayment {
  readonly id: string;
  /** It waits for the customer or the provider; `PaymentSettled` tells how it ends. */
  readonly isPending: boolean;
}

/** A payment to record, and the event to publish with it. */
interface Outcome {
  readonly payment: Payment;
  readonly events: readonly EventEnvelope[];
}

/**
 * Charges orders. It calls the provider first and then records the outcome in one commit: after a crash in between,
 * the caller retries, and the provider recognises the key and returns the same outcome.
 */
@Injectable()
export class ChargeService {
  private readonly known = new BatchedReads<string, PaymentOutcome | undefined>(async (orderIds) => {
    const found = await this.payments.outcomesOf(orderIds);
    const byOrder = new Map(found.map((outcome) => [outcome.orderId, outcome]));
    return orderIds.map((orderId) => byOrder.get(orderId));
  });
  private readonly batches = new Batches<Outcome, Payment>((outcomes) => this.write(outcomes));

  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly provider: PaymentProvider,
    private readonly outbox: Outbox,
    private readonly metrics: PaymentMetrics,
    private readonly refunds: RefundService,
  ) {}

  /**
   * @throws ContextError payment_declined, payment_outcome_unknown, payment_voided, payment_method_unknown,
   *   payment_provider_unavailable
   */
  async charge(request: ChargeRequest): Promise<ChargedPayment> {
    const existing = await this.known.get(request.orderId);
    const payment =
      existing && existing.status !== 'unknown'
        ? existing
        : await this.writeDown(request, await this.askProvider(request, existing !== undefined));
    if (payment.status === 'voided') await this.takeBack(request);
    return chargedPayment(payment, request);
  }

  /** Records the provider's outcome as the order's payment, unless the payment already has one. */
  async writeDown(request: ChargeRequest, result: ChargeResult): Promise<Payment> {
    const payment = newPayment(request, outcomeOf(result));
    try {
      return await this.batches.add({ payment, events: this.eventsOf(payment) });
    } catch (error) {
      if (!isChargedBefore(error)) throw error;
      return this.database.transaction((transaction) => this.complete(transaction, payment));
    }
  }

  /** Records how a payment ended that was open; one that has ended stays as it is. */
  async conclude(open: Payment, result: ChargeResult): Promise<Payment> {
    const payment = { ...open, ...outcomeOf(result) };
    return this.database.transaction((transaction) => this.complete(transaction, payment));
  }

  /** The transaction fails when one of the orders already has a payment. */
  private async write(outcomes: readonly Outcome[]): Promise<readonly Payment[]> {
    const payments = outcomes.map(({ payment }) => payment);
    await this.database.transaction(async (transaction) => {
      this.payments.insert(transaction, payments);
      this.publish(transaction, outcomes);
    });
    return payments;
  }

  /** The order has a payment: one with a pending outcome, or one that a concurrent request wrote. */
  private async complete(
    transaction: Transaction,
    { orderId, status, reference, declineReason, action }: Payment,
  ): Promise<Payment> {
    const outcome = { status, reference, declineReason, action };
    const payment = await this.payments.lock(transaction, { orderId });
    if (!payment) throw new Error(`The payment of order ${orderId} has disappeared`);
    if (!isOpen(payment.status)) return payment;
    await this.payments.update(transaction, payment.id, outcome);
    const completed = { ...payment, ...outcome };
    if (status === payment.status) return completed;
    const settled = payment.status === 'pending' ? this.settlementOf(completed) : [];
    this.publish(transaction, [{ payment: completed, events: [...this.eventsOf(completed), ...settled] }]);
    return completed;
  }

  private publish(transaction: Transaction, outcomes: readonly Outcome[]): void {
    for (const { payment } of outcomes) this.metrics.count(transaction, payment.status);
    this.outbox.addPrepared(
      transaction,
      outcomes.flatMap(({ events }) => events),
    );
  }

  /** The event to publish when the payment is recorded. */
  private eventsOf(payment: Payment): EventEnvelope[] {
    const { id: paymentId, orderId, userId, amountMinor, currency, status } = payment;
    if (status !== 'captured' || userId === null) return [];
    const amount = { amountMinor, currency };
    return [this.outbox.prepare(PaymentCaptured, { paymentId, orderId, userId, amount })];
  }

  /** Who was told that the payment is pending is told how it ended. */
  private settlementOf({ id: paymentId, orderId, status, declineReason }: Payment): EventEnvelope[] {
    if (status !== 'captured' && status !== 'declined') return [];
    const data = { paymentId, orderId, outcome: status, reason: declineReason };
    return [this.outbox.prepare(PaymentSettled, data)];
  }

  private async askProvider(request: ChargeRequest, wasAskedBefore: boolean): Promise<ChargeResult> {
    const order = toOrder(request);
    try {
      const known = wasAskedBefore ? await this.provider.findCharge(order) : undefined;
      return known ?? (await this.provider.charge(order));
    } catch (error) {
      if (error instanceof ChargeOutcomeUnknown) await this.noteUnknown(request);
      throw toContextError(error);
    }
  }

  private async noteUnknown(request: ChargeRequest): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const unknown = newPayment(request, { status: 'unknown' });
      const isNew = await this.payments.insertUnlessThere(transaction, unknown);
      if (isNew) this.metrics.count(transaction, 'unknown');
    });
  }

  /** The order was abandoned, maybe while the provider was charging it: refund whatever was charged. */
  private async takeBack(request: ChargeRequest): Promise<void> {
    const result = await this.provider.abandon(toOrder(request)).catch((error: unknown) => {
      throw toContextError(error);
    });
    if (result?.outcome !== 'captured') return;
    const { id } = await this.database.transaction((transaction) =>
      this.recordLate(transaction, newPayment(request, outcomeOf(result))),
    );
    await this.refunds.finishNowOrLater(id);
  }

  /** Makes the mark of an abandoned order the payment that it is, in one commit with its refund. */
  private async recordLate(transaction: Transaction, charged: Payment): Promise<Payment> {
    const { orderId } = charged;
    const mark = await this.payments.lock(transaction, { orderId });
    if (!mark) throw new Error(`The mark of order ${orderId} has disappeared`);
    if (mark.status !== 'voided') return mark;
    const { userId, amountMinor, currency, method, status, reference } = charged;
    const late = { userId, amountMinor, currency, method, status, reference };
    await this.payments.update(transaction, mark.id, late);
    const payment = { ...mark, ...late };
    this.publish(transaction, [{ payment, events: this.eventsOf(payment) }]);
    await this.refunds.beginAll(transaction, payment);
    return payment;
  }
}

/**
 * Maps the recorded outcome of a payment to the result of the charge.
 * @throws ContextError payment_declined, payment_voided; payment_outcome_unknown for a pending one that the caller cannot
 *   wait for
 */
function chargedPayment(
  { id, status, declineReason }: PaymentOutcome,
  { mayNeedAction = false }: ChargeRequest,
): ChargedPayment {
  if (status === 'captured') return { id, isPending: false };
  if (status === 'pending' && mayNeedAction) return { id, isPending: true };
  if (status === 'pending') throw ContextError.of('payment_outcome_unknown');
  if (status === 'declined') {
    throw ContextError.of('payment_declined', undefined, { reason: declineReason ?? 'declined' });
  }
  throw ContextError.of('payment_voided');
}

function outcomeOf(result: ChargeResult): Pick<Payment, 'status' | 'action'> & Partial<Payment> {
  if (result.outcome === 'declined')
    return { status: 'declined', declineReason: result.reason, action: null };
  const { outcome: status, reference } = result;
  return { status, reference, action: result.outcome === 'pending' ? result.action : null };
}

function newPayment(request: ChargeRequest, outcome: Pick<Payment, 'status'> & Partial<Payment>): Payment {
  const { orderId, userId, amountMinor, currency, method } = request;
  return {
    orderId,
    userId,
    amountMinor,
    currency,
    method,
    id: uuidv7(),
    reference: null,
    declineReason: null,
    action: null,
    refunds: [],
    createdAt: new Date(),
    ...outcome,
  };
}

type Chargeable = Omit<ChargeRequest, 'userId'> & Pick<ChargeOrder, 'reference'>;

/** The provider's key is the order's id: an order is charged once. */
export function toOrder({ orderId: key, amountMinor, currency, method, ...more }: Chargeable): ChargeOrder {
  const { reference = null, mayNeedAction = false } = more;
  return { key, amountMinor, currency, method, reference, mayNeedAction };
}
