import { useEffect, useState } from 'preact/hooks';
import { shop } from './shop.ts';

/** How many units can be ordered, by the id of the product; a product is missing while that is not known. */
export type Stock = ReadonlyMap<string, number>;

const UNKNOWN: Stock = new Map();
/** From here on it is said how few are left. */
const FEW = 10;
/** As the API has it. */
const MOST_AT_ONCE = 100;

/** The stock of some products, read again when they change. */
export function useStock(productIds: readonly string[]): Stock {
  const [stock, setStock] = useState(UNKNOWN);
  useEffect(() => {
    let isShown = true;
    void readStock(productIds).then((found) => {
      if (isShown) setStock(found);
    });
    return () => void (isShown = false);
  }, [productIds.join()]);
  return stock;
}

/** Without what cannot be read: the order itself is checked in any case. */
async function readStock(productIds: readonly string[]): Promise<Stock> {
  const pages = Array.from({ length: Math.ceil(productIds.length / MOST_AT_ONCE) }, (_, page) =>
    productIds.slice(page * MOST_AT_ONCE, (page + 1) * MOST_AT_ONCE),
  );
  const answers = await Promise.all(
    pages.map((ids) =>
      shop
        .get('/api/inventory/availability', { params: { query: { productIds: ids.join() } } })
        .catch(() => undefined),
    ),
  );
  return new Map(
    answers.flatMap((answer) =>
      (answer?.items ?? []).map(({ productId, available }) => [productId, available] as const),
    ),
  );
}

export function describeStock(available: number): string {
  if (available === 0) return 'Sold out';
  return available <= FEW ? `Only ${available} left` : 'In stock';
}

/** Those that are known to be sold out come last, in the order that they have. */
export function inStockFirst<T extends { readonly id: string }>(products: readonly T[], stock: Stock): T[] {
  const isSoldOut = ({ id }: T): number => Number(stock.get(id) === 0);
  return products.toSorted((one, other) => isSoldOut(one) - isSoldOut(other));
}
