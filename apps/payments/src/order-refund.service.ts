import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '@fissile/kit/database';
import { type ChargeRequest, ChargeService, toOrder } from './charge.service.js';
import { PaymentRepository } from './data/payment-repository.js';
import { isOpen, type Payment } from './domain/payment.js';
import { type ChargeOrder, type ChargeResult, PaymentProvider } from './domain/payment-provider.js';
import { toContextError } from './provider-faults.js';
import { RefundService } from './refund.service.js';

/** Refunds or voids the payment of an order, whatever its state. */
@Injectable()
export class OrderRefundService {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly provider: PaymentProvider,
    private readonly charges: ChargeService,
    private readonly refunds: RefundService,
  ) {}

  /**
   * Refunds everything that the order was charged, and makes sure that it is not charged any more.
   * @param charge a charge that may exist without a record of it
   * @returns the payment's id; undefined when nothing was charged
   */
  async refundOrder(orderId: string, charge?: ChargeRequest): Promise<string | undefined> {
    const { id, status } = await this.settle(orderId, charge);
    if (status !== 'captured' && status !== 'refunded' && status !== 'refund_failed') return undefined;
    await this.refunds.refundAll(id);
    return id;
  }

  /** The order's payment with its outcome known; when nothing was charged, no later charge is possible. */
  private async settle(orderId: string, charge: ChargeRequest | undefined): Promise<Payment> {
    const existing = await this.payments.findByOrder(orderId);
    if (existing && !isOpen(existing.status)) return existing;
    const request = existing?.userId ? { ...existing, userId: existing.userId } : charge;
    const result = request && (await this.abandon(request));
    return request && result ? this.charges.writeDown(request, result) : this.void(orderId);
  }

  private async abandon(
    charge: ChargeRequest & Pick<ChargeOrder, 'reference'>,
  ): Promise<ChargeResult | undefined> {
    try {
      return await this.provider.abandon(toOrder(charge));
    } catch (error) {
      throw toContextError(error);
    }
  }

  /** Inserts a mark that rejects a later charge, unless a concurrent request wrote a payment. */
  private async void(orderId: string): Promise<Payment> {
    return this.database.transaction(async (transaction) => {
      const mark = voidedPayment(orderId);
      if (await this.payments.insertUnlessThere(transaction, mark)) return mark;
      const payment = await this.payments.lock(transaction, { orderId });
      if (!payment) throw new Error(`The payment of order ${orderId} has disappeared`);
      if (!isOpen(payment.status)) return payment;
      const voided = { status: 'voided', action: null } as const;
      await this.payments.update(transaction, payment.id, voided);
      return { ...payment, ...voided };
    });
  }
}

function voidedPayment(orderId: string): Payment {
  return {
    id: uuidv7(),
    orderId,
    userId: null,
    amountMinor: 0,
    currency: '',
    method: '',
    status: 'voided',
    reference: null,
    declineReason: null,
    action: null,
    refunds: [],
    createdAt: new Date(),
  };
}
