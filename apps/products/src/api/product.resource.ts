import { z } from 'zod';
import { Currency, MAX_PRICE_MINOR, Money } from '#contracts/money';
import { Id, integer, pageQuery, textBlock, textLine } from '@fissile/kit/http';
import type { Product } from '../domain/product.js';

const sku = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected 1 to 64 letters, digits, dots, hyphens or underscores')
  .meta({ example: 'TEA-001' });

const price = z.strictObject({
  amountMinor: integer(0, MAX_PRICE_MINOR),
  currency: Currency,
});

const optionalContent = {
  description: textBlock(4_000).nullable().optional(),
  category: textLine(100).nullable().optional(),
};

export const NewProductBody = z.strictObject({ sku, name: textLine(200), ...optionalContent, price }).meta({
  id: 'NewProduct',
  example: {
    sku: 'TEA-001',
    name: 'White tea',
    description: 'A tin of 100 g',
    category: 'Tea',
    price: { amountMinor: 1_590, currency: 'USD' },
  },
});

export const ProductChangeBody = z
  .strictObject({
    name: textLine(200).optional(),
    ...optionalContent,
    price: price.optional(),
    status: z.enum(['active', 'discontinued']).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'expected at least one field')
  .meta({ id: 'ProductChange', example: { price: { amountMinor: 1_390, currency: 'USD' } } });

export const ProductsQuery = z.strictObject({
  ...pageQuery,
  q: textLine(100).optional().meta({ description: 'Part of the name or the sku, in any case' }),
  category: textLine(100).optional(),
  status: z
    .enum(['active', 'discontinued', 'all'])
    .default('active')
    .meta({ description: 'Which products; those that are for sale unless said otherwise' }),
});

export const ProductResource = z
  .object({
    id: Id,
    sku: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    category: z.string().nullable(),
    price: Money,
    status: z.enum(['active', 'discontinued']),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Product' });

export type ProductResource = z.output<typeof ProductResource>;

export function toResource(product: Product): ProductResource {
  const { id, sku, name, description, category, priceMinor, currency, status, createdAt, updatedAt } =
    product;
  return {
    id,
    sku,
    name,
    description,
    category,
    price: { amountMinor: priceMinor, currency },
    status,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
