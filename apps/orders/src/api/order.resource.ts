import { z } from 'zod';
import { Currency, Money } from '#contracts/money';
import { Id, integer } from '@fissile/kit/http';
import type { AwaitedAction } from '../awaited-action.js';
import { type Order, ORDER_STATUSES } from '../domain/order.js';

const time = z.iso.datetime().meta({ example: '2026-01-31T12:00:00.000Z' });

/** Stands for the id of a product, which is another in each shop. */
const EXAMPLE_ID = '01890a5d-ac96-774b-bcce-b302099a8057';

export const PlaceOrderBody = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          productId: Id.meta({ description: 'The id of a product, as GET /api/products lists them' }),
          quantity: integer(1, 10_000),
        }),
      )
      .min(1, 'expected at least one item')
      .max(100, 'expected at most 100 items')
      .superRefine((items, context) => {
        const seen = new Set<string>();
        items.forEach(({ productId }, index) => {
          if (seen.has(productId)) {
            context.addIssue({
              code: 'custom',
              path: [index, 'productId'],
              message: 'expected one line a product',
            });
          }
          seen.add(productId);
        });
      }),
    payment: z.strictObject({
      method: z
        .string()
        .regex(/^[A-Za-z0-9_]{1,100}$/, 'expected a payment method such as pm_card_ok')
        .meta({ example: 'pm_card_ok' }),
    }),
    currency: Currency.optional(),
  })
  .meta({
    id: 'PlaceOrder',
    example: { items: [{ productId: EXAMPLE_ID, quantity: 2 }], payment: { method: 'pm_card_ok' } },
  });

export const OrderResource = z
  .object({
    id: Id,
    userId: Id,
    status: z.enum(ORDER_STATUSES),
    items: z.array(
      z.object({
        productId: Id,
        sku: z.string(),
        name: z.string(),
        quantity: z.int(),
        unitPrice: Money,
        lineTotal: Money,
      }),
    ),
    total: Money,
    paymentId: Id.nullable(),
    payment: z
      .object({
        id: Id,
        action: z.object({
          type: z.string().meta({ example: 'use_stripe_sdk' }),
          clientSecret: z.string().nullable(),
        }),
      })
      .nullable()
      .meta({
        description:
          'What you must do so that the order goes on, such as to confirm the payment to your bank (3-D Secure): only where one ' +
          'pending order is read, by its owner',
      }),
    reason: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Order' });

export type OrderResource = z.output<typeof OrderResource>;

export const TimelineResource = z
  .object({
    orderId: Id,
    sagaId: Id,
    status: z.enum(['running', 'compensating', 'completed', 'compensated']),
    steps: z.array(
      z.object({
        saga: z.string().meta({ example: 'place-order' }),
        sagaId: Id,
        name: z.string().meta({ example: 'reserve-inventory' }),
        kind: z.enum(['do', 'undo']),
        attempt: z.int(),
        status: z.enum(['running', 'done', 'failed']),
        startedAt: time,
        endedAt: time.nullable(),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'OrderTimeline' });

/** @param awaited what its customer must do */
export function toResource(order: Order, awaited?: AwaitedAction): OrderResource {
  const { currency } = order;
  return {
    id: order.id,
    userId: order.userId,
    status: order.status,
    items: order.lines.map(({ productId, sku, name, quantity, unitPriceMinor }) => ({
      productId,
      sku,
      name,
      quantity,
      unitPrice: { amountMinor: unitPriceMinor, currency },
      lineTotal: { amountMinor: unitPriceMinor * quantity, currency },
    })),
    total: { amountMinor: order.totalMinor, currency },
    paymentId: order.paymentId,
    payment: awaited ? toPayment(awaited) : null,
    reason: order.reason,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

function toPayment({ paymentId: id, action }: AwaitedAction): OrderResource['payment'] {
  const { type, clientSecret = null } = action;
  return { id, action: { type, clientSecret } };
}
