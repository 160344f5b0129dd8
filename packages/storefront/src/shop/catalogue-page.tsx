import type { Resource } from '@fissile/client';
import { useEffect, useState } from 'preact/hooks';
import { Fault, money, usePages, useSay } from '@fissile/console';
import type { Cart } from './cart.ts';
import { shop } from './shop.ts';
import { describeStock, inStockFirst, useStock } from './stock.ts';

const TYPING_MS = 250;
const TINTS = 6;

/** What is for sale. */
export function CataloguePage({ cart }: { cart: Cart }) {
  const [text, setText] = useState('');
  const q = useSettled(text.trim());
  const pages = usePages(shop, '/api/products', q ? { q } : {});
  const stock = useStock(pages.items.map(({ id }) => id));
  return (
    <>
      <h1 tabIndex={-1}>Catalogue</h1>
      <div class="row">
        <label class="grow">
          Search
          <input type="search" value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
        </label>
      </div>
      <Fault text={pages.error} />
      <p class="hidden" role="status">
        {pages.isLoading ? '' : `${pages.items.length} products${pages.hasMore ? ', and more' : ''}`}
      </p>
      {pages.items.length === 0 && !pages.isLoading && !pages.error && <Empty isSearch={q !== ''} />}
      <ul class="catalogue">
        {inStockFirst(pages.items, stock).map((product) => (
          <ProductCard key={product.id} product={product} available={stock.get(product.id)} cart={cart} />
        ))}
      </ul>
      {pages.hasMore && (
        <button type="button" onClick={() => void pages.loadMore()}>
          Show more
        </button>
      )}
    </>
  );
}

function Empty({ isSearch }: { isSearch: boolean }) {
  if (isSearch) return <p class="empty">No product matches.</p>;
  return (
    <p class="empty">
      There are no products. An admin can add sample products as <a href="#/staff/products">staff</a>;{' '}
      <code>npm run replay</code> adds 77 products and the orders of a real trader.
    </p>
  );
}

interface ProductCardProps {
  readonly product: Resource<'Product'>;
  /** undefined while it is not known. */
  readonly available: number | undefined;
  readonly cart: Cart;
}

function ProductCard({ product, available, cart }: ProductCardProps) {
  const say = useSay();
  const { name, category, description, price } = product;
  const add = (): void => say(cart.add(product, available) ?? `${name} is in the cart.`);
  return (
    <li class="card product">
      <div class={`picture-of tint-${tintOf(category ?? name)}`} aria-hidden="true">
        {name.slice(0, 1)}
      </div>
      <div class="about">
        <h2>{name}</h2>
        <p class="hint">{description ?? category ?? ''}</p>
        {available !== undefined && <p class="stock">{describeStock(available)}</p>}
        <div class="buy">
          <span class="price">{money(price)}</span>
          <button
            type="button"
            disabled={available === 0}
            onClick={add}
            aria-label={`Add ${name} to the cart`}
          >
            Add
          </button>
        </div>
      </div>
    </li>
  );
}

/** The same for all of a category. */
function tintOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % TINTS;
}

/** The text after a pause in typing. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
