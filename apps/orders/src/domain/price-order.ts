import { MAX_TOTAL_MINOR } from '#contracts/money';
import type { OrderLine } from './order.js';

export interface RequestedItem {
  readonly productId: string;
  readonly quantity: number;
}

/** The catalogue's data of a product at the time of the order. */
export interface ProductForSale {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly active: boolean;
}

export interface PricedOrder {
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly currency: string;
}

export type Pricing =
  | { readonly ok: true; readonly order: PricedOrder }
  | {
      readonly ok: false;
      readonly code: 'product_unavailable' | 'currency_mismatch' | 'order_total_too_large';
      /** The product that caused the rejection, if one did. */
      readonly productId?: string;
    };

/**
 * Prices an order from the catalogue; the client cannot influence the price.
 * @param currency the currency that the client expects, if it sent one
 */
export function priceOrder(
  items: readonly RequestedItem[],
  catalogue: readonly ProductForSale[],
  currency?: string,
): Pricing {
  const products = new Map(catalogue.map((product) => [product.id, product]));
  let expected = currency;
  let totalMinor = 0;
  const lines: OrderLine[] = [];
  for (const { productId, quantity } of items) {
    const product = products.get(productId);
    if (!product?.active) return { ok: false, code: 'product_unavailable', productId };
    expected ??= product.currency;
    if (product.currency !== expected) return { ok: false, code: 'currency_mismatch', productId };
    totalMinor += quantity * product.priceMinor;
    // Checked at each line, so that the sum never leaves the range of exact integers.
    if (totalMinor > MAX_TOTAL_MINOR) return { ok: false, code: 'order_total_too_large' };
    lines.push({
      productId,
      sku: product.sku,
      name: product.name,
      quantity,
      unitPriceMinor: product.priceMinor,
    });
  }
  return { ok: true, order: { lines, totalMinor, currency: expected ?? '' } };
}
