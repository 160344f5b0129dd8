import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditLog } from '@fissile/kit/operations';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { PaymentRefunded } from '#contracts/payments';
import { Database, type Transaction } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import { PaymentRepository } from './data/payment-repository.js';
import { type NewRefund, RefundRepository } from './data/refund-repository.js';
import { decideRefund, type Payment, type Refund, refundable, statusByRefunds } from './domain/payment.js';
import { PaymentProvider, RefundRefused } from './domain/payment-provider.js';
import { PaymentMetrics } from './payment-metrics.js';
import { toContextError } from './provider-faults.js';

export interface RefundRequest {
  readonly paymentId: string;
  /** Everything that remains when absent. */
  readonly amountMinor?: number | undefined;
  readonly reason: string | null;
  /** Identifies a retry of the same request. */
  readonly request: { readonly key: string; readonly hash: Buffer } | null;
}

/** A refund that the provider has refused for good: while it was `pending`, or after it had seemed to be `done`. */
export interface RefusedRefund {
  readonly refundId: string;
  readonly paymentId: string;
  readonly from: 'pending' | 'done';
  readonly reason: string;
}

/**
 * Refunds payments. A refund is recorded first, which deducts its amount from what remains; then the provider
 * executes it, with the refund's id as key; then it is marked as done. A process that finds it unfinished resumes it from
 * there. One that the provider refuses for good is marked as failed, for an operator to retry or to settle elsewhere.
 */
@Injectable()
export class RefundService {
  private readonly logger = new Logger(RefundService.name);

  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly provider: PaymentProvider,
    private readonly outbox: Outbox,
    private readonly metrics: PaymentMetrics,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ContextError payment_not_found, payment_not_refundable, refund_exceeds_payment, idempotency_key_reused */
  async refund(request: RefundRequest): Promise<Refund & { currency: string }> {
    const refundId = await this.database.transaction((transaction) => this.begin(transaction, request));
    await this.finishNowOrLater(request.paymentId);
    const payment = await this.payments.find(request.paymentId);
    const refund = payment?.refunds.find(({ id }) => id === refundId);
    if (!payment || !refund) throw ContextError.of('payment_not_found');
    return { ...refund, currency: payment.currency };
  }

  /**
   * Refunds all that remains of a payment. Does nothing when nothing remains, or when a refund of it was refused: then an
   * operator decides.
   */
  async refundAll(paymentId: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const payment = await this.payments.lock(transaction, { id: paymentId });
      if (payment) await this.beginAll(transaction, payment);
    });
    await this.finish(paymentId);
  }

  /** Records a refund of all that remains of a locked payment, if `refundAll` is to refund any; `finish` executes it. */
  async beginAll(transaction: Transaction, payment: Payment): Promise<void> {
    const decision = decideRefund(payment);
    if (!decision.ok || payment.refunds.some(({ status }) => status === 'failed')) return;
    await this.insert(transaction, { paymentId: payment.id, amountMinor: decision.amountMinor });
  }

  /**
   * Executes a refund again that was refused, or marks it as settled elsewhere, such as by a transfer.
   * @throws ContextError payment_not_found, refund_not_failed, refund_exceeds_payment
   */
  async decide(paymentId: string, refundId: string, decision: 'retry' | 'settle'): Promise<Payment> {
    await this.database.transaction((transaction) =>
      this.decideFailed(transaction, { paymentId, refundId, decision }),
    );
    if (decision === 'retry') await this.finishNowOrLater(paymentId);
    const payment = await this.payments.find(paymentId);
    if (!payment) throw ContextError.of('payment_not_found');
    return payment;
  }

  /**
   * Marks a refund as failed that the provider has refused for good.
   * @param from the status in which the provider was asked; a refund that has another one by now stays as it is
   */
  async fail(transaction: Transaction, { refundId, paymentId, from, reason }: RefusedRefund): Promise<void> {
    const payment = await this.payments.lock(transaction, { id: paymentId });
    if (!payment || statusOf(payment, refundId) !== from) return;
    await this.change(transaction, payment, { refundId, status: 'failed', failureReason: reason });
    this.metrics.count(transaction, 'refund_failed');
    transaction.afterCommit(() =>
      this.logger.error(`payment ${payment.id}: refund ${refundId} is refused for good: ${reason}`),
    );
  }

  /** Executes the started refunds at the provider, and marks them as done, or as failed. */
  async finish(paymentId: string): Promise<void> {
    const payment = await this.payments.find(paymentId);
    if (!payment) return;
    for (const refund of payment.refunds) {
      if (refund.status === 'pending') await this.finishOne(payment, refund);
    }
  }

  /** The refunds are recorded and will be executed: a temporarily unavailable provider does not make the request fail. */
  async finishNowOrLater(paymentId: string): Promise<void> {
    await this.finish(paymentId).catch((error: unknown) => {
      if (!hasCode(error, 'payment_provider_unavailable')) throw error;
    });
  }

  private async begin(
    transaction: Transaction,
    { paymentId, amountMinor, reason, request }: RefundRequest,
  ): Promise<string> {
    const payment = await this.payments.lock(transaction, { id: paymentId });
    if (!payment || payment.userId === null) throw ContextError.of('payment_not_found');
    const earlier = request && (await this.refunds.findByRequest(transaction, paymentId, request.key));
    if (earlier) {
      if (earlier.requestHash?.equals(request.hash)) return earlier.id;
      throw ContextError.of('idempotency_key_reused');
    }
    const decision = decideRefund(payment, amountMinor);
    if (!decision.ok) throw ContextError.of(decision.code);
    const amount = decision.amountMinor;
    const refundId = await this.insert(transaction, { paymentId, amountMinor: amount, reason, request });
    const details = { refundId, amountMinor: amount, currency: payment.currency };
    await this.audit.record(transaction, { action: 'payment.refunded', subject: paymentId, details });
    return refundId;
  }

  private async insert(
    transaction: Transaction,
    refund: Pick<NewRefund, 'paymentId' | 'amountMinor'> & Partial<NewRefund>,
  ): Promise<string> {
    const id = uuidv7();
    const createdAt = new Date();
    await this.refunds.insertPending(transaction, { reason: null, request: null, ...refund, id, createdAt });
    return id;
  }

  private async finishOne(payment: Payment, refund: Refund): Promise<void> {
    const { currency, reference } = payment;
    const { amountMinor } = refund;
    if (reference === null) throw new Error(`Payment ${payment.id} has a refund but no charge`);
    try {
      await this.provider.refund({ key: refund.id, reference, amountMinor, currency });
    } catch (error) {
      if (!(error instanceof RefundRefused)) throw toContextError(error);
      const refused = {
        refundId: refund.id,
        paymentId: payment.id,
        from: 'pending',
        reason: error.message,
      } as const;
      return this.database.transaction((transaction) => this.fail(transaction, refused));
    }
    await this.database.transaction((transaction) => this.markDone(transaction, payment.id, refund.id));
  }

  private async decideFailed(
    transaction: Transaction,
    { paymentId, refundId, decision }: { paymentId: string; refundId: string; decision: 'retry' | 'settle' },
  ): Promise<void> {
    const payment = await this.payments.lock(transaction, { id: paymentId });
    const refund = payment?.refunds.find(({ id }) => id === refundId);
    if (!payment || !refund) throw ContextError.of('payment_not_found');
    if (refund.status !== 'failed') throw ContextError.of('refund_not_failed');
    if (refund.amountMinor > refundable(payment)) throw ContextError.of('refund_exceeds_payment');
    const status = decision === 'retry' ? 'pending' : 'done';
    await this.change(transaction, payment, { refundId, status, failureReason: null });
    const action = decision === 'retry' ? 'payment.refund-retried' : 'payment.refund-settled';
    await this.audit.record(transaction, { action, subject: paymentId, details: { refundId } });
    if (decision === 'settle') this.done(transaction, payment, refundId);
  }

  /** Changes a refund of a locked payment, and the payment's status that follows from it. */
  private async change(
    transaction: Transaction,
    payment: Payment,
    { refundId, ...change }: Pick<Refund, 'status' | 'failureReason'> & { readonly refundId: string },
  ): Promise<void> {
    await this.refunds.change(transaction, refundId, change);
    const refunds = payment.refunds.map((refund) =>
      refund.id === refundId ? { ...refund, ...change } : refund,
    );
    const status = statusByRefunds({ ...payment, refunds });
    if (status !== payment.status) await this.payments.update(transaction, payment.id, { status });
  }

  private async markDone(transaction: Transaction, paymentId: string, refundId: string): Promise<void> {
    const payment = await this.payments.lock(transaction, { id: paymentId });
    // A concurrent attempt may have been refused before this one succeeded.
    if (!payment || statusOf(payment, refundId) === 'done') return;
    await this.change(transaction, payment, { refundId, status: 'done', failureReason: null });
    this.done(transaction, payment, refundId);
  }

  private done(transaction: Transaction, payment: Payment, refundId: string): void {
    this.metrics.count(transaction, 'refunded');
    const { id: paymentId, orderId, userId, currency } = payment;
    const refund = payment.refunds.find(({ id }) => id === refundId);
    if (!refund || userId === null) return;
    const amount = { amountMinor: refund.amountMinor, currency };
    this.outbox.add(transaction, PaymentRefunded, { paymentId, refundId, orderId, userId, amount });
  }
}

function statusOf({ refunds }: Payment, refundId: string): Refund['status'] | undefined {
  return refunds.find(({ id }) => id === refundId)?.status;
}
