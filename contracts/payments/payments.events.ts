import { z } from 'zod';
import { eventType } from '@fissile/kit/contract';
import { MoneyData } from '../money/money.schema.js';

export const PaymentCaptured = eventType(
  'payments.captured.v1',
  z
    .object({ paymentId: z.uuid(), orderId: z.uuid(), userId: z.uuid(), amount: MoneyData })
    .describe('A customer has been charged.'),
  (data) => data.paymentId,
);

export const PaymentSettled = eventType(
  'payments.settled.v1',
  z
    .object({
      paymentId: z.uuid(),
      orderId: z.uuid(),
      outcome: z.enum(['captured', 'declined']),
      reason: z.string().nullable(),
    })
    .describe('A payment that waited for the customer has ended; `reason` says why it was declined.'),
  (data) => data.paymentId,
);

export const PaymentRefunded = eventType(
  'payments.refunded.v1',
  z
    .object({
      paymentId: z.uuid(),
      refundId: z.uuid(),
      orderId: z.uuid(),
      userId: z.uuid(),
      amount: MoneyData,
    })
    .describe('A payment was given back, whole or in part; one for each refund.'),
  (data) => data.paymentId,
);
