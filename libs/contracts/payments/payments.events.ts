import { z } from 'zod';
import { eventType } from '../event.js';
import { Money } from '../money/money.schema.js';

export const PaymentCaptured = eventType(
  'payments.captured.v1',
  z.strictObject({ paymentId: z.uuid(), orderId: z.uuid(), userId: z.uuid(), amount: Money }),
  (data) => data.paymentId,
);

/** One refund, of the whole payment or of a part. */
export const PaymentRefunded = eventType(
  'payments.refunded.v1',
  z.strictObject({
    paymentId: z.uuid(),
    refundId: z.uuid(),
    orderId: z.uuid(),
    userId: z.uuid(),
    amount: Money,
  }),
  (data) => data.paymentId,
);
