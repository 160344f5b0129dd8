import { z } from 'zod';
import { amountHasCurrency, amountQuery, MAX_TOTAL_MINOR, Money } from '#contracts/money';
import { isAdmin } from '@fissile/kit/auth';
import { Id, inOrderOfTime, integer, madeQuery, pageQuery, sortQuery, textLine } from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import type { Payment, Refund } from '../domain/payment.js';

const STATUSES = ['pending', 'captured', 'declined', 'refunded', 'refund_failed', 'unknown'] as const;

export const PaymentsQuery = z
  .strictObject({
    ...pageQuery,
    ...madeQuery,
    ...sortQuery,
    ...amountQuery,
    id: Id.optional().meta({ description: 'The id of the payment, or of its order' }),
    orderId: Id.optional(),
    userId: Id.optional().meta({
      description: 'Of this customer: for admins, since everyone else sees their own',
    }),
    status: z.enum(STATUSES).optional(),
  })
  .refine(...inOrderOfTime)
  .refine(...amountHasCurrency);

export const RefundBody = z
  .strictObject({
    amountMinor: integer(1, MAX_TOTAL_MINOR).optional().meta({ description: 'Without it, all that is left' }),
    reason: textLine(500).optional(),
  })
  .meta({ id: 'NewRefund', example: { amountMinor: 500, reason: 'one cup was broken' } });

export const RefundResource = z
  .object({
    id: Id,
    amount: Money,
    status: z.enum(['pending', 'done', 'failed']),
    failureReason: z.string().nullable(),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'In the words of who refunded; shown to admins alone' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Refund' });

export const PaymentResource = z
  .object({
    id: Id,
    orderId: Id,
    amount: Money,
    status: z.enum(STATUSES),
    declineReason: z
      .string()
      .nullable()
      .meta({ description: 'What the provider said when it declined; shown to admins alone' }),
    reference: z
      .string()
      .nullable()
      .meta({ description: "The provider's name of the charge; shown to admins alone" }),
    action: z
      .object({ type: z.string(), clientSecret: z.string().nullable() })
      .nullable()
      .meta({ description: 'What you must do before the payment is made; shown to its owner alone' }),
    refunds: z.array(RefundResource),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Payment' });

/** Why a card was declined may be what its holder must not learn, such as that it is reported stolen. */
const SAID_TO_CUSTOMERS = { declineReason: null, reference: null };

export type PaymentResource = z.output<typeof PaymentResource>;

/** @param caller who reads it: why something was refunded is for admins alone */
export function toRefundResource(
  { id, amountMinor, status, failureReason, reason = null, createdAt }: Refund,
  currency: string,
  caller: Caller,
): z.output<typeof RefundResource> {
  return {
    id,
    amount: { amountMinor, currency },
    status,
    failureReason,
    reason: isAdmin(caller) ? reason : null,
    createdAt: createdAt.toISOString(),
  };
}

/** @param caller who reads it: what the customer must do is for the customer alone, what the provider says for admins */
export function toResource(payment: Payment, caller: Caller): PaymentResource {
  const { id, orderId, userId, amountMinor, currency, status, refunds, createdAt } = payment;
  const { declineReason, reference } = isAdmin(caller) ? payment : SAID_TO_CUSTOMERS;
  return {
    id,
    orderId,
    amount: { amountMinor, currency },
    status: status === 'voided' ? 'declined' : status,
    declineReason,
    reference,
    action: userId === caller.userId ? payment.action : null,
    refunds: refunds.map((refund) => toRefundResource(refund, currency, caller)),
    createdAt: createdAt.toISOString(),
  };
}
