import type { Resource } from '@fissile/client';
import { useState } from 'preact/hooks';
import type { Money } from '@fissile/console';

export interface CartLine {
  readonly product: Pick<Resource<'Product'>, 'id' | 'name' | 'price'>;
  readonly quantity: number;
}

export interface Cart {
  readonly lines: readonly CartLine[];
  readonly count: number;
  /** In one currency: an order has one. */
  readonly total: Money | undefined;
  /**
   * @param available how many units there are, where that is known
   * @returns why it cannot be put in
   */
  add(product: Resource<'Product'>, available?: number): string | undefined;
  /** @param quantity nothing takes the line out */
  change(productId: string, quantity: number): void;
  empty(): void;
}

const KEY = 'fissile.cart';

/** What the customer has chosen; like the session, it lives as long as the tab. */
export function useCart(): Cart {
  const [lines, setLines] = useState(readLines);
  const keep = (changed: readonly CartLine[]): void => {
    sessionStorage.setItem(KEY, JSON.stringify(changed));
    setLines(changed);
  };
  return {
    lines,
    count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    total: totalOf(lines),
    add: ({ id, name, price }, available) => {
      const currency = lines[0]?.product.price.currency ?? price.currency;
      if (currency !== price.currency) return `The cart is in ${currency}: an order has one currency.`;
      const found = lines.find(({ product }) => product.id === id);
      if (found && available !== undefined && found.quantity >= available)
        return `All ${available} of ${name} that are left are in the cart.`;
      keep(
        found
          ? lines.map((line) => (line === found ? { ...line, quantity: line.quantity + 1 } : line))
          : [...lines, { product: { id, name, price }, quantity: 1 }],
      );
      return undefined;
    },
    change: (productId, quantity) =>
      keep(
        lines
          .map((line) => (line.product.id === productId ? { ...line, quantity } : line))
          .filter((line) => line.quantity > 0),
      ),
    empty: () => keep([]),
  };
}

function readLines(): readonly CartLine[] {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as CartLine[];
}

function totalOf(lines: readonly CartLine[]): Money | undefined {
  const currency = lines[0]?.product.price.currency;
  if (currency === undefined) return undefined;
  const amountMinor = lines.reduce(
    (sum, { product, quantity }) => sum + product.price.amountMinor * quantity,
    0,
  );
  return { amountMinor, currency };
}
