import { useEffect, useState } from 'preact/hooks';
import { shop } from './shop.ts';

/** How many units can be ordered, by the id of the product; a product is missing while that is not known. */
export type Stock = ReadonlyMap<string, number>;

const UNKNOWN: Stock = new Map();
/** From here on it is said how few are left. */
const FEW = 10;

/** The stock of some products, read again when they change. The shop tells it to those alone who are signed in. */
export function useStock(productIds: readonly string[], isSignedIn: boolean): Stock {
  const [stock, setStock] = useState(UNKNOWN);
  useEffect(() => {
    if (!isSignedIn) return setStock(UNKNOWN);
    let isShown = true;
    void Promise.all(productIds.map(readStock)).then((found) => {
      if (isShown) setStock(new Map(found.flatMap((each) => (each ? [each] : []))));
    });
    return () => void (isShown = false);
  }, [productIds.join(), isSignedIn]);
  return stock;
}

/** undefined when it cannot be read: the order itself is checked in any case. */
async function readStock(productId: string): Promise<[string, number] | undefined> {
  const answer = await shop
    .get('/api/inventory/{productId}', { params: { path: { productId } } })
    .catch(() => undefined);
  return answer && [productId, answer.available];
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
