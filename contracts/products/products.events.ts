import { z } from 'zod';
import { eventType } from '@fissile/kit/contract';
import { MoneyData } from '../money/money.schema.js';

export const ProductsChanged = eventType(
  'products.changed.v1',
  z
    .object({
      productId: z.uuid(),
      sku: z.string(),
      name: z.string(),
      price: MoneyData,
      status: z.enum(['active', 'discontinued']),
    })
    .describe('A product was added, changed or discontinued; the data are how it is now.'),
  (data) => data.productId,
);
