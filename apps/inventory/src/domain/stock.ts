export const MAX_ON_HAND = 1_000_000_000;

export interface Stock {
  readonly productId: string;
  /** Units that are there. */
  readonly onHand: number;
  /** Units of these that are promised to orders. */
  readonly reserved: number;
}

export interface StockLine {
  readonly productId: string;
  readonly quantity: number;
}

/** Units that may still be sold. */
export function available({ onHand, reserved }: Pick<Stock, 'onHand' | 'reserved'>): number {
  return onHand - reserved;
}

export type StockChange =
  | { readonly ok: true; readonly onHand: number }
  | { readonly ok: false; readonly code: 'stock_below_reserved' | 'stock_limit_exceeded' };

/** What is promised must be there, and no count grows beyond its limit. */
export function changeOnHand({ reserved }: Pick<Stock, 'reserved'>, onHand: number): StockChange {
  if (onHand < reserved) return { ok: false, code: 'stock_below_reserved' };
  if (onHand > MAX_ON_HAND) return { ok: false, code: 'stock_limit_exceeded' };
  return { ok: true, onHand };
}
