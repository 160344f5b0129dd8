import type { Resource } from '@fissile/client';
import { useState } from 'preact/hooks';
import { PagedTable, count, money, toldOf, useLoaded, usePages, useSay } from '@fissile/console';
import { stockSampleGoods } from './sample-goods.ts';
import { shop } from './shop.ts';

/** What is sold, and how much of it there is. */
export function GoodsPage() {
  const say = useSay();
  const pages = usePages(shop, '/api/products', {});
  const [isBusy, setBusy] = useState(false);
  const isEmpty = pages.items.length === 0 && !pages.isLoading && pages.error === undefined;
  const addSamples = async (): Promise<void> => {
    setBusy(true);
    await stockSampleGoods(shop)
      .then(() => say('The sample goods are on the shelves.'))
      .catch((error: unknown) => say(toldOf(error)));
    setBusy(false);
    pages.reload();
  };
  return (
    <>
      <h1 tabIndex={-1}>Goods</h1>
      <div class="row">
        {isEmpty && (
          <button type="button" class="primary" disabled={isBusy} onClick={() => void addSamples()}>
            Put sample goods on the shelves
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
        label="Goods"
        columns={['Product', 'Price', 'On hand', 'Reserved', 'Available', 'Stock']}
        empty="The shelves are empty."
        pages={pages}
      >
        {pages.items.map((product) => (
          <GoodsRow key={product.id} product={product} />
        ))}
      </PagedTable>
    </>
  );
}

const DELIVERY = 100;

function GoodsRow({ product: { id, name, sku, price } }: { product: Resource<'Product'> }) {
  const say = useSay();
  const params = { path: { productId: id } };
  const { value: stock, reload } = useLoaded(() => shop.get('/api/inventory/{productId}', { params }), [id]);
  const deliver = async (): Promise<void> => {
    try {
      await shop.post('/api/inventory/{productId}/adjustments', {
        params,
        body: { delta: DELIVERY, reason: 'delivered, by the console' },
      });
      say(`${DELIVERY} more of ${name} are there.`);
    } catch (error) {
      say(toldOf(error));
    }
    reload();
  };
  return (
    <tr>
      <th scope="row">
        {name} <span class="hint together">{sku}</span>
      </th>
      <td class="number">{money(price)}</td>
      <td class="number">{stock ? count(stock.onHand) : ''}</td>
      <td class="number">{stock ? count(stock.reserved) : ''}</td>
      <td class="number">{stock ? count(stock.available) : ''}</td>
      <td>
        <button type="button" aria-label={`Add ${DELIVERY} of ${name}`} onClick={() => void deliver()}>
          + {DELIVERY}
        </button>
      </td>
    </tr>
  );
}
