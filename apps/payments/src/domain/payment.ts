/** `voided` is a payment that was abandoned before anything was charged; clients see it as declined. */
export type PaymentStatus = 'captured' | 'declined' | 'refunded' | 'unknown' | 'voided';

export interface Refund {
  readonly id: string;
  readonly amountMinor: number;
  /** `pending` until the provider has confirmed it; its amount is deducted all the same. */
  readonly status: 'pending' | 'done';
  /** In the words of who refunded. */
  readonly reason?: string | null;
  readonly createdAt: Date;
}

export interface Payment {
  readonly id: string;
  readonly orderId: string;
  /** Null for an order that was abandoned before any payment of it was known. */
  readonly userId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: string;
  readonly status: PaymentStatus;
  /** The provider's reference for the charge. */
  readonly reference: string | null;
  readonly declineReason: string | null;
  readonly refunds: readonly Refund[];
  readonly createdAt: Date;
}

/** The amount that can still be refunded. */
export function refundable({ amountMinor, refunds }: Pick<Payment, 'amountMinor' | 'refunds'>): number {
  return amountMinor - refunds.reduce((sum, refund) => sum + refund.amountMinor, 0);
}

export type RefundDecision =
  | { readonly ok: true; readonly amountMinor: number }
  | { readonly ok: false; readonly code: 'payment_not_refundable' | 'refund_exceeds_payment' };

/** @param amountMinor everything that remains when absent */
export function decideRefund(
  payment: Pick<Payment, 'amountMinor' | 'refunds' | 'status'>,
  amountMinor?: number,
): RefundDecision {
  const left = refundable(payment);
  if (payment.status !== 'captured') {
    return {
      ok: false,
      code: payment.status === 'refunded' ? 'refund_exceeds_payment' : 'payment_not_refundable',
    };
  }
  const wanted = amountMinor ?? left;
  if (wanted > left || wanted <= 0) return { ok: false, code: 'refund_exceeds_payment' };
  return { ok: true, amountMinor: wanted };
}
