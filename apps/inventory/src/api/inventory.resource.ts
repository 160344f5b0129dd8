import { z } from 'zod';
import { Id, textLine } from '@fissile/kit/http';
import { available, MAX_ON_HAND, type Stock } from '../domain/stock.js';
import type { Adjustment } from '../data/stock-repository.js';

const units = z.int('expected a whole number');

export const StockCountBody = z
  .strictObject({
    onHand: units.min(0, 'expected at least 0').max(MAX_ON_HAND, `expected at most ${MAX_ON_HAND}`),
  })
  .meta({ id: 'StockCount' });

export const AdjustmentBody = z
  .strictObject({
    delta: units
      .min(-MAX_ON_HAND)
      .max(MAX_ON_HAND)
      .refine((delta) => delta !== 0, 'expected a number other than 0'),
    reason: textLine(500),
  })
  .meta({ id: 'NewStockAdjustment' });

export const StockResource = z
  .object({ productId: Id, onHand: z.int(), reserved: z.int(), available: z.int() })
  .meta({ id: 'Stock' });

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
