import { z } from 'zod';
import { MAX_TOTAL_MINOR, Money } from '#contracts/money';
import { Id, integer, pageQuery, textLine } from '@fissile/kit/http';
import type { Payment, Refund } from '../domain/payment.js';

const STATUSES = ['pending', 'captured', 'declined', 'refunded', 'refund_failed', 'unknown'] as const;

export const PaymentsQuery = z.strictObject({
  ...pageQuery,
  orderId: Id.optional(),
  status: z.enum(STATUSES).optional(),
});

export const RefundBody = z
  .strictObject({
    amountMinor: integer(1, MAX_TOTAL_MINOR).optional().meta({ description: 'Without it, all that is left' }),
    reason: textLine(500).optional(),
  })
  .meta({ id: 'NewRefund' });

export const RefundResource = z
  .object({
    id: Id,
    amount: Money,
    status: z.enum(['pending', 'done', 'failed']),
    failureReason: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Refund' });

export const PaymentResource = z
  .object({
    id: Id,
    orderId: Id,
    amount: Money,
    status: z.enum(STATUSES),
    action: z
      .object({ type: z.string(), clientSecret: z.string().nullable() })
      .nullable()
      .meta({ description: 'What you must do before the payment is made; shown to its owner alone' }),
    refunds: z.array(RefundResource),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Payment' });

export type PaymentResource = z.output<typeof PaymentResource>;

export function toRefundResource(refund: Refund, currency: string): z.output<typeof RefundResource> {
  const { id, amountMinor, status, failureReason, createdAt } = refund;
  return { id, amount: { amountMinor, currency }, status, failureReason, createdAt: createdAt.toISOString() };
}

/** @param userId who reads it: what the customer must do is for the customer alone */
export function toResource(payment: Payment, userId: string): PaymentResource {
  const { id, orderId, amountMinor, currency, status, refunds, createdAt } = payment;
  return {
    id,
    orderId,
    amount: { amountMinor, currency },
    status: status === 'voided' ? 'declined' : status,
    action: payment.userId === userId ? payment.action : null,
    refunds: refunds.map((refund) => toRefundResource(refund, currency)),
    createdAt: createdAt.toISOString(),
  };
}
