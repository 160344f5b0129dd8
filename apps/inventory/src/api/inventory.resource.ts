import { z } from 'zod';
import { Id, integer, MAX_LIMIT, textLine } from '@fissile/kit/http';
import { available, MAX_ON_HAND, type Stock } from '../domain/stock.js';
import type { Adjustment } from '../data/stock-repository.js';

export const StockCountBody = z
  .strictObject({
    onHand: integer(0, MAX_ON_HAND),
  })
  .meta({ id: 'StockCount', example: { onHand: 250 } });

export const AdjustmentBody = z
  .strictObject({
    delta: integer(-MAX_ON_HAND, MAX_ON_HAND).refine(
      (delta) => delta !== 0,
      'expected a number other than 0',
    ),
    reason: textLine(500),
  })
  .meta({ id: 'NewStockAdjustment', example: { delta: 10, reason: 'Found in the store-room' } });

export const StockResource = z
  .object({ productId: Id, onHand: z.int(), reserved: z.int(), available: z.int() })
  .meta({ id: 'Stock' });

/** What customers need to know; how many units there are, and are sold, is for admins. */
export const ProductStockResource = StockResource.partial({ onHand: true, reserved: true }).meta({
  id: 'ProductStock',
  description: '`onHand` and `reserved` are for admins alone',
});

/** As many products as a page of the catalogue has at most. */
export const AvailabilityQuery = z.strictObject({
  productIds: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(Id).max(MAX_LIMIT, `expected at most ${MAX_LIMIT} ids`))
    .meta({
      description: `Ids of products, separated by commas, ${MAX_LIMIT} at most`,
      example: '018f2f5e-7c1d-7b3a-9c55-0a1b2c3d4e5f',
    }),
});

export const AvailabilityResource = z
  .object({ items: z.array(z.object({ productId: Id, available: z.int() })) })
  .meta({ id: 'Availability' });

export const AdjustmentResource = z
  .object({
    id: Id,
    productId: Id,
    delta: z.int(),
    reason: z.string(),
    createdAt: z.iso.datetime(),
    stock: StockResource.meta({ description: 'The stock afterwards' }),
  })
  .meta({ id: 'StockAdjustment' });

export function toResource(stock: Stock): z.output<typeof StockResource> {
  const { productId, onHand, reserved } = stock;
  return { productId, onHand, reserved, available: available(stock) };
}

export function toAdjustmentResource(
  adjustment: Adjustment,
  stock: Stock,
): z.output<typeof AdjustmentResource> {
  return { ...adjustment, createdAt: adjustment.createdAt.toISOString(), stock: toResource(stock) };
}
