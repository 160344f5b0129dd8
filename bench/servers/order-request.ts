import { createHash } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import { z } from 'zod';

/** The request that the benchmark's servers accept, with the same checks as Fissile's. */
export const PlaceOrder = z.strictObject({
  items: z
    .array(z.strictObject({ productId: z.uuid(), quantity: z.int().min(1).max(10_000) }))
    .min(1)
    .max(100),
  payment: z.strictObject({ method: z.string().min(1).max(100) }),
});

export type PlaceOrder = z.output<typeof PlaceOrder>;

export interface ProductForSale {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly price_minor: number;
  readonly currency: string;
}

export interface OrderLine {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export interface PricedOrder {
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly currency: string;
}

/** @throws Error when a product is not for sale */
export function priceOf({ items }: PlaceOrder, products: readonly ProductForSale[]): PricedOrder {
  const byId = new Map(products.map((product) => [product.id, product]));
  const lines = items.map(({ productId, quantity }) => {
    const product = byId.get(productId);
    if (!product) throw new Error(`product ${productId} is not for sale`);
    return {
      productId,
      quantity,
      sku: product.sku,
      name: product.name,
      unitPriceMinor: product.price_minor,
    };
  });
  const totalMinor = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);
  return { lines, totalMinor, currency: products[0]?.currency ?? 'USD' };
}

export function hashOf(request: PlaceOrder): Buffer {
  return createHash('sha256').update(JSON.stringify(request)).digest();
}

/** Returns the id of the token's user. @throws Error when the token is invalid */
export async function authenticator(): Promise<(authorization: string | undefined) => Promise<string>> {
  const key = await importJWK(JSON.parse(process.env['BENCH_PUBLIC_KEY'] ?? '{}'), 'EdDSA');
  return async (authorization) => {
    const { payload } = await jwtVerify(authorization?.replace(/^Bearer /, '') ?? '', key);
    return payload.sub ?? '';
  };
}

/** The response to a placed order. */
export function toAnswer(
  id: string,
  userId: string,
  { lines, totalMinor, currency }: PricedOrder,
  paymentId: string,
): object {
  return {
    id,
    userId,
    status: 'confirmed',
    paymentId,
    reason: null,
    items: lines.map((line) => ({
      productId: line.productId,
      sku: line.sku,
      name: line.name,
      quantity: line.quantity,
      unitPrice: { amountMinor: line.unitPriceMinor, currency },
      lineTotal: { amountMinor: line.unitPriceMinor * line.quantity, currency },
    })),
    total: { amountMinor: totalMinor, currency },
  };
}
