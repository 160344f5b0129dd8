import type { QueryOf } from '@fissile/client';
import { Badge, IdLink, LiveTable, money, Time, useLiveList } from '@fissile/console';
import { MoneyList } from './money-list.tsx';
import { shop } from './shop.ts';

const FIELDS = [
  { name: 'id', label: 'Id' },
  {
    name: 'status',
    label: 'Status',
    options: [
      'pending',
      'confirmed',
      'cancelling',
      'cancelled',
      'shipping',
      'shipped',
      'returning',
      'returned',
    ],
  },
];

/** Orders of all customers. What the address says goes to the API, which refuses what it does not know and names it. */
export function OrdersPage() {
  return <MoneyList title="Orders" fields={FIELDS} list={(query) => <OrdersList query={query} />} />;
}

function OrdersList({ query }: { query: QueryOf<'/api/orders'> }) {
  const list = useLiveList(shop, '/api/orders', query);
  return (
    <LiveTable
      list={list}
      what="order"
      label="Orders"
      columns={['Order', 'Placed', 'Status', 'Items', 'Total']}
      minor={['Placed', 'Items']}
      empty="There are no such orders."
    >
      {list.items.map(({ id, createdAt, status, items, total, reason }) => (
        <tr key={id}>
          <th scope="row">
            <IdLink id={id} href={`#/staff/orders/${id}`} />
          </th>
          <td class="time">
            <Time at={createdAt} />
          </td>
          <td>
            <Badge state={status} /> {reason?.message}
          </td>
          <td>{items.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ')}</td>
          <td class="number">{money(total)}</td>
        </tr>
      ))}
    </LiveTable>
  );
}
