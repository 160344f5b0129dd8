import { z } from 'zod';
import { eventType } from '@fissile/kit/contract';
import { MoneyData } from '../money/money.schema.js';

export const OrderConfirmed = eventType(
  'orders.confirmed.v1',
  z
    .object({ orderId: z.uuid(), userId: z.uuid(), total: MoneyData })
    .describe('An order is paid, and its stock is reserved.'),
  (data) => data.orderId,
);

export const OrderShipped = eventType(
  'orders.shipped.v1',
  z
    .object({ orderId: z.uuid(), userId: z.uuid(), total: MoneyData })
    .describe('An order has left the shop, and its units are no longer on hand.'),
  (data) => data.orderId,
);

export const OrderReturned = eventType(
  'orders.returned.v1',
  z
    .object({ orderId: z.uuid(), userId: z.uuid(), total: MoneyData })
    .describe('A shipped order came back: its units are on hand again, and its payment is refunded.'),
  (data) => data.orderId,
);

export const OrderCancelled = eventType(
  'orders.cancelled.v1',
  z
    .object({
      orderId: z.uuid(),
      userId: z.uuid(),
      total: MoneyData,
      reason: z.object({ code: z.string(), message: z.string() }),
    })
    .describe('An order has come to nothing: refused while it was placed, or cancelled later.'),
  (data) => data.orderId,
);
