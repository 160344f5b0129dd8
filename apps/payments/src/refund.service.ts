import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditLog } from '@fissile/kit/operations';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { PaymentRefunded } from '#contracts/payments';
import { Database, type Transaction } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import { PaymentRepository } from './data/payment-repository.js';
import { type NewRefund, RefundRepository } from './data/refund-repository.js';
import { decideRefund, type Payment, type Refund, refundable } from './domain/payment.js';
import { PaymentProvider } from './domain/payment-provider.js';
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

/**
 * Refunds payments. A refund is recorded first, which deducts its amount from what remains; then the provider
 * executes it, with the refund's id as key; then it is marked as done. A process that finds it unfinished resumes it from
 * there.
 */
@Injectable()
export class RefundService {
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
    await this.finish(request.paymentId).catch((error: unknown) => {
      // The refund is recorded and will be executed: a temporarily unavailable provider does not make the request
      // fail.
      if (!hasCode(error, 'payment_provider_unavailable')) throw error;
    });
    const payment = await this.payments.find(request.paymentId);
    const refund = payment?.refunds.find(({ id }) => id === refundId);
    if (!payment || !refund) throw ContextError.of('payment_not_found');
    return { ...refund, currency: payment.currency };
  }

  /** Refunds all that remains of a payment. Does nothing when nothing remains. */
  async refundAll(paymentId: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const payment = await this.payments.lock(transaction, { id: paymentId });
      const decision = payment && decideRefund(payment);
      if (decision?.ok) await this.insert(transaction, { paymentId, amountMinor: decision.amountMinor });
    });
    await this.finish(paymentId);
  }

  /** Executes the started refunds at the provider, and marks them as done. */
  async finish(paymentId: string): Promise<void> {
    const payment = await this.payments.find(paymentId);
    if (!payment) return;
    for (const refund of payment.refunds) {
      if (refund.status === 'pending') await this.finishOne(payment, refund);
    }
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
      throw toContextError(error);
    }
    await this.database.transaction((transaction) => this.markDone(transaction, payment.id, refund.id));
  }

  private async markDone(transaction: Transaction, paymentId: string, refundId: string): Promise<void> {
    const payment = await this.payments.lock(transaction, { id: paymentId });
    if (!payment || !(await this.refunds.markDone(transaction, refundId))) return;
    this.metrics.count(transaction, 'refunded');
    const othersOpen = payment.refunds.some(({ id, status }) => id !== refundId && status === 'pending');
    if (refundable(payment) === 0 && !othersOpen)
      await this.payments.update(transaction, paymentId, { status: 'refunded' });
    await this.publish(transaction, payment, refundId);
  }

  private async publish(transaction: Transaction, payment: Payment, refundId: string): Promise<void> {
    const { id: paymentId, orderId, userId, currency } = payment;
    const refund = payment.refunds.find(({ id }) => id === refundId);
    if (!refund || userId === null) return;
    const amount = { amountMinor: refund.amountMinor, currency };
    this.outbox.add(transaction, PaymentRefunded, { paymentId, refundId, orderId, userId, amount });
  }
}
