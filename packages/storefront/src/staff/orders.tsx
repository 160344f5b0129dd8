import type { QueryOf } from '@fissile/client';
import { useState } from 'preact/hooks';
import { Badge, PagedTable, money, shortId, Time, usePages } from '@fissile/console';
import { shop } from './shop.ts';

type Query = QueryOf<'/api/orders'>;
const STATUSES: readonly Query['status'][] = [
  'pending',
  'confirmed',
  'cancelling',
  'cancelled',
  'shipping',
  'shipped',
  'returning',
  'returned',
];

/** Orders of all customers, newest first. */
export function OrdersPage() {
  const [status, setStatus] = useState<Query['status']>();
  const pages = usePages(shop, '/api/orders', status ? { status } : {});
  return (
    <>
      <h1 tabIndex={-1}>Orders</h1>
      <div class="row">
        <label>
          Status
          <select
            onChange={({ currentTarget: { value } }) => setStatus((value || undefined) as Query['status'])}
          >
            <option value="">all</option>
            {STATUSES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <button type="button" onClick={pages.reload}>
          Refresh
        </button>
      </div>
      <PagedTable
        label="Orders"
        columns={['Order', 'Placed', 'Status', 'Items', 'Total']}
        minor={['Placed', 'Items']}
        empty="There are no such orders."
        pages={pages}
      >
        {pages.items.map(({ id, createdAt, status: state, items, total, reason }) => (
          <tr key={id}>
            <th scope="row">
              <a class="id" href={`#/staff/orders/${id}`}>
                …{shortId(id)}
              </a>
            </th>
            <td class="time">
              <Time at={createdAt} />
            </td>
            <td>
              <Badge state={state} /> {reason?.message}
            </td>
            <td>{items.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ')}</td>
            <td class="number">{money(total)}</td>
          </tr>
        ))}
      </PagedTable>
    </>
  );
}
