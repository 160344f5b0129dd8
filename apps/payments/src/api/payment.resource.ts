import { z } from 'zod';
import { MAX_TOTAL_MINOR, Money } from '#contracts/money';
import { Id, integer, pageQuery, textLine } from '@fissile/kit/http';
import type { Payment, Refund } from '../domain/payment.js';

export const PaymentsQuery = z.strictObject({ ...pageQuery, orderId: Id.optional() });

export const RefundBody = z
  .strictObject({
    amountMinor: integer(1, MAX_TOTAL_MINOR).optional().meta({ description: 'Without it, all that is left' }),
    reason: textLine(500).optional(),
  })
  .meta({ id: 'NewRefund' });

export const RefundResource = z
  .object({ id: Id, amount: Money, createdAt: z.iso.datetime() })
  .meta({ id: 'Refund' });

export const PaymentResource = z
  .object({
    id: Id,
    orderId: Id,
    amount: Money,
    status: z.enum(['pending', 'captured', 'declined', 'refunded', 'unknown']),
    refunds: z.array(RefundResource),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Payment' });

export type PaymentResource = z.output<typeof PaymentResource>;

export function toRefundResource(refund: Refund, currency: string): z.output<typeof RefundResource> {
  const { id, amountMinor, createdAt } = refund;
  return { id, amount: { amountMinor, currency }, createdAt: createdAt.toISOString() };
}

export function toResource(payment: Payment): PaymentResource {
  const { id, orderId, amountMinor, currency, status, refunds, createdAt } = payment;
  return {
    id,
    orderId,
    amount: { amountMinor, currency },
    status: status === 'voided' ? 'declined' : status,
    refunds: refunds.map((refund) => toRefundResource(refund, currency)),
    createdAt: createdAt.toISOString(),
  };
}
