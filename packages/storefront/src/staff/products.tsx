import type { Resource } from '@fissile/client';
import { useState } from 'preact/hooks';
import {
  count,
  FilterForm,
  messageOf,
  money,
  PagedTable,
  TextFilter,
  useLoaded,
  usePages,
  useQuery,
  useSay,
} from '@fissile/console';
import { addSampleProducts } from './sample-products.ts';
import { shop } from './shop.ts';

/** The products and their stock. */
export function ProductsPage() {
  const say = useSay();
  const [{ q }, change] = useQuery();
  const pages = usePages(shop, '/api/products', q ? { q } : {});
  const [isBusy, setBusy] = useState(false);
  const isEmpty = !q && pages.items.length === 0 && !pages.isLoading && pages.error === undefined;
  const addSamples = async (): Promise<void> => {
    setBusy(true);
    await addSampleProducts(shop)
      .then(() => say('The sample products were added.'))
      .catch((error: unknown) => say(messageOf(error)));
    setBusy(false);
    pages.reload();
  };
  return (
    <>
      <h1 tabIndex={-1}>Products</h1>
      <FilterForm label="Filter products" names={['q']} query={{ q }} change={change}>
        <TextFilter label="Name or sku" value={q} change={(text) => change({ q: text })} />
      </FilterForm>
      <div class="row">
        {isEmpty && (
          <button type="button" class="primary" disabled={isBusy} onClick={() => void addSamples()}>
            Add sample products
          </button>
        )}
        <button type="button" onClick={pages.reload}>
          Refresh
        </button>
        <a class="button" href="#/">
          Open the shop
        </a>
      </div>
      <PagedTable
        label="Products"
        columns={['Product', 'Price', 'On hand', 'Reserved', 'Available', 'Stock']}
        minor={['On hand', 'Reserved']}
        empty={q ? 'No products match.' : 'There are no products.'}
        pages={pages}
      >
        {pages.items.map((product) => (
          <ProductRow key={product.id} product={product} />
        ))}
      </PagedTable>
    </>
  );
}

const DELIVERY = 100;

function ProductRow({ product: { id, name, sku, price } }: { product: Resource<'Product'> }) {
  const say = useSay();
  const params = { path: { productId: id } };
  const { value: stock, reload } = useLoaded(() => shop.get('/api/inventory/{productId}', { params }), [id]);
  const deliver = async (): Promise<void> => {
    try {
      await shop.post('/api/inventory/{productId}/adjustments', {
        params,
        body: { delta: DELIVERY, reason: 'delivered, by the console' },
      });
      say(`${DELIVERY} units of ${name} added.`);
    } catch (error) {
      say(messageOf(error));
    }
    reload();
  };
  return (
    <tr>
      <th scope="row">
        <a href={`#/staff/products/${id}`}>{name}</a> <span class="hint together">{sku}</span>
      </th>
      <td class="number">{money(price)}</td>
      <td class="number">{stock ? count(stock.onHand ?? 0) : ''}</td>
      <td class="number">{stock ? count(stock.reserved ?? 0) : ''}</td>
      <td class="number">{stock ? count(stock.available) : ''}</td>
      <td>
        <button type="button" aria-label={`Add ${DELIVERY} of ${name}`} onClick={() => void deliver()}>
          + {DELIVERY}
        </button>
      </td>
    </tr>
  );
}
