import type { CustomerAction } from './payment-provider.js';

/**
 * `pending` waits for the customer or the provider; `refund_failed` is captured, and a refund of it was refused for good,
 * which somebody must look at; `voided` was abandoned before anything was charged, and clients see it as declined.
 */
export type PaymentStatus =
  'captured' | 'declined' | 'pending' | 'refunded' | 'refund_failed' | 'unknown' | 'voided';

/** The statuses of payments whose outcome is yet to be known. */
export const OPEN: readonly PaymentStatus[] = ['unknown', 'pending'];

export function isOpen(status: PaymentStatus): boolean {
  return OPEN.includes(status);
}

/** `failed` was refused for good: its amount is not given back, and can be refunded again. */
export type RefundStatus = 'pending' | 'done' | 'failed';

export interface Refund {
  readonly id: string;
  readonly amountMinor: number;
  /** `pending` until the provider has confirmed it; its amount is deducted all the same. */
  readonly status: RefundStatus;
  /** The provider's reason, when it failed. */
  readonly failureReason: string | null;
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
  /** What the customer must do; null unless the payment is pending. */
  readonly action: CustomerAction | null;
  readonly refunds: readonly Refund[];
  readonly createdAt: Date;
}

/** The amount that can still be refunded. */
export function refundable({ amountMinor, refunds }: Pick<Payment, 'amountMinor' | 'refunds'>): number {
  const given = refunds.filter(({ status }) => status !== 'failed');
  return amountMinor - given.reduce((sum, refund) => sum + refund.amountMinor, 0);
}

/** The status of a captured payment, by its refunds. */
export function statusByRefunds(payment: Pick<Payment, 'amountMinor' | 'refunds'>): PaymentStatus {
  const isAllDone = payment.refunds.every(({ status }) => status !== 'pending');
  if (refundable(payment) === 0 && isAllDone) return 'refunded';
  return payment.refunds.some(({ status }) => status === 'failed') ? 'refund_failed' : 'captured';
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
  if (payment.status !== 'captured' && payment.status !== 'refund_failed') {
    return {
      ok: false,
      code: payment.status === 'refunded' ? 'refund_exceeds_payment' : 'payment_not_refundable',
    };
  }
  const wanted = amountMinor ?? left;
  if (wanted > left || wanted <= 0) return { ok: false, code: 'refund_exceeds_payment' };
  return { ok: true, amountMinor: wanted };
}
