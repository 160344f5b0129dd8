export const MAX_ON_HAND = 1_000_000_000;

export interface Stock {
  readonly productId: string;
  /** Units on hand. */
  readonly onHand: number;
  /** Units on hand that are reserved for orders. */
  readonly reserved: number;
}

export interface StockLine {
  readonly productId: string;
  readonly quantity: number;
}

/** Units available for sale. */
export function available({ onHand, reserved }: Pick<Stock, 'onHand' | 'reserved'>): number {
  return onHand - reserved;
}

export type StockChange =
  | { readonly ok: true; readonly onHand: number }
  | { readonly ok: false; readonly code: 'stock_below_reserved' | 'stock_limit_exceeded' };

/** Reserved units must be on hand, and no count exceeds its limit. */
export function changeOnHand({ reserved }: Pick<Stock, 'reserved'>, onHand: number): StockChange {
  if (onHand < reserved) return { ok: false, code: 'stock_below_reserved' };
  if (onHand > MAX_ON_HAND) return { ok: false, code: 'stock_limit_exceeded' };
  return { ok: true, onHand };
}

/** The total quantity per product over several lines. */
export function sumByProduct(lines: readonly StockLine[]): StockLine[] {
  const sums = new Map<string, number>();
  for (const { productId, quantity } of lines) sums.set(productId, (sums.get(productId) ?? 0) + quantity);
  return [...sums].map(([productId, quantity]) => ({ productId, quantity }));
}
