import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ContextError } from '#libs/contracts';
import { PaymentRefunded } from '#libs/contracts/payments';
import { Database, type Transaction } from '#libs/database';
import { Outbox } from '#libs/messaging';
import { type ChargeRequest, ChargeService, newPayment, toOrder } from './charge.service.js';
import { PaymentRepository } from './data/payment-repository.js';
import { RefundRepository } from './data/refund-repository.js';
import { decideRefund, type Payment, type Refund, refundable } from './domain/payment.js';
import { type ChargeResult, MethodUnknown, PaymentProvider } from './domain/payment-provider.js';

export interface RefundRequest {
  readonly paymentId: string;
  /** All that is left when it is not given. */
  readonly amountMinor?: number | undefined;
  readonly request: { readonly key: string; readonly hash: Buffer } | null;
}

/**
 * Gives money back. A refund is written down first, which takes its amount from what is left; then the provider does
 * it, by the refund's id as key; then it is done. Whoever finds it unfinished goes on from there.
 */
@Injectable()
export class RefundService {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly provider: PaymentProvider,
    private readonly charges: ChargeService,
    private readonly outbox: Outbox,
  ) {}

  /** @throws ContextError payment_not_found, payment_not_refundable, refund_exceeds_payment, idempotency_key_reused */
  async refund(request: RefundRequest): Promise<Refund & { currency: string }> {
    const refundId = await this.database.transaction((transaction) => this.begin(transaction, request));
    await this.finish(request.paymentId);
    const payment = await this.payments.find(request.paymentId);
    const refund = payment?.refunds.find(({ id }) => id === refundId);
    if (!payment || !refund) throw ContextError.of('payment_not_found');
    return { ...refund, currency: payment.currency };
  }

  /**
   * Gives back all that the order was charged, and makes sure that it is not charged any more.
   * @param charge what may have been charged without our knowing
   * @returns the payment's id; undefined when nothing was charged
   */
  async refundOrder(orderId: string, charge?: ChargeRequest): Promise<string | undefined> {
    const payment = await this.settle(orderId, charge);
    if (payment.status !== 'captured' && payment.status !== 'refunded') return undefined;
    if (payment.status === 'captured' && refundable(payment) > 0) {
      await this.database.transaction(async (transaction) => {
        const locked = await this.payments.lock(transaction, payment.id);
        const decision = locked && decideRefund(locked);
        if (locked && decision?.ok) await this.insert(transaction, locked.id, decision.amountMinor, null);
      });
    }
    await this.finish(payment.id);
    return payment.id;
  }

  /** Has the provider do the refunds that were begun, and marks them as done. */
  async finish(paymentId: string): Promise<void> {
    const payment = await this.payments.find(paymentId);
    for (const refund of payment?.refunds ?? []) {
      if (payment && refund.status === 'pending') await this.finishOne(payment, refund);
    }
  }

  private async begin(
    transaction: Transaction,
    { paymentId, amountMinor, request }: RefundRequest,
  ): Promise<string> {
    const payment = await this.payments.lock(transaction, paymentId);
    if (!payment || payment.status === 'voided') throw ContextError.of('payment_not_found');
    const earlier = request && (await this.refunds.findByRequest(transaction, paymentId, request.key));
    if (earlier) {
      if (earlier.requestHash?.equals(request.hash)) return earlier.id;
      throw ContextError.of('idempotency_key_reused');
    }
    const decision = decideRefund(payment, amountMinor);
    if (!decision.ok) throw ContextError.of(decision.code);
    return this.insert(transaction, paymentId, decision.amountMinor, request);
  }

  private async insert(
    transaction: Transaction,
    paymentId: string,
    amountMinor: number,
    request: RefundRequest['request'],
  ): Promise<string> {
    const id = uuidv7();
    await this.refunds.insertPending(transaction, {
      id,
      paymentId,
      amountMinor,
      request,
      createdAt: new Date(),
    });
    return id;
  }

  private async finishOne(payment: Payment, refund: Refund): Promise<void> {
    const { id, orderId, userId, currency, reference } = payment;
    const { amountMinor } = refund;
    await this.provider
      .refund({ key: refund.id, reference: reference ?? '', amountMinor, currency })
      .catch((error: unknown) => {
        throw error instanceof ContextError ? error : ContextError.of('payment_provider_unavailable');
      });
    await this.database.transaction(async (transaction) => {
      const locked = await this.payments.lock(transaction, id);
      if (!locked || !(await this.refunds.markDone(transaction, refund.id))) return;
      const open = locked.refunds.some(
        ({ id: other, status }) => other !== refund.id && status === 'pending',
      );
      if (refundable(locked) === 0 && !open) await this.payments.setStatus(transaction, id, 'refunded');
      const amount = { amountMinor, currency };
      await this.outbox.add(transaction, PaymentRefunded, {
        paymentId: id,
        refundId: refund.id,
        ...{ orderId, userId, amount },
      });
    });
  }

  /** The order's payment with its outcome known; when nothing was charged, nothing can be from now on. */
  private async settle(orderId: string, charge: ChargeRequest | undefined): Promise<Payment> {
    const existing = await this.payments.findByOrder(orderId);
    if (existing && existing.status !== 'unknown') return existing;
    const asked = existing ?? charge;
    const result = asked && (await this.findCharge(asked));
    if (asked && result?.outcome === 'captured') return this.charges.writeDown(asked, result);
    return this.void(orderId);
  }

  private async void(orderId: string): Promise<Payment> {
    return this.database.transaction(async (transaction) => {
      const nothing = { orderId, userId: '', amountMinor: 0, currency: '', method: '' };
      const voided = newPayment(nothing, { status: 'voided' });
      if (await this.payments.insert(transaction, voided)) return voided;
      const found = await this.payments.findByOrder(orderId);
      const payment = found && (await this.payments.lock(transaction, found.id));
      if (!payment) throw ContextError.of('unavailable');
      if (payment.status !== 'unknown') return payment;
      await this.payments.setStatus(transaction, payment.id, 'voided');
      return { ...payment, status: 'voided' };
    });
  }

  private async findCharge(charge: ChargeRequest): Promise<ChargeResult | undefined> {
    return this.provider.findCharge(toOrder(charge)).catch((error: unknown) => {
      if (error instanceof MethodUnknown) return undefined;
      throw error instanceof ContextError ? error : ContextError.of('payment_provider_unavailable');
    });
  }
}
