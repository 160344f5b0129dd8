import type { QueryOf } from '@fissile/client';
import {
  Badge,
  Filters,
  LiveTable,
  money,
  type Query,
  shortId,
  Time,
  useLiveList,
  useQuery,
} from '@fissile/console';
import { AMOUNT_FIELDS, withMinorAmounts } from './amount-filter.ts';
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
  ...AMOUNT_FIELDS,
];

/** What the address says goes to the API as it is, which refuses what it does not know and names it. */
const asked = (query: Query) => withMinorAmounts(query) as QueryOf<'/api/orders'>;

/** Orders of all customers. */
export function OrdersPage() {
  const [query, change] = useQuery();
  const list = useLiveList(shop, '/api/orders', asked(query));
  return (
    <>
      <h1 tabIndex={-1}>Orders</h1>
      <Filters label="Filter orders" fields={FIELDS} {...{ query, change }} />
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
              <a class="id" href={`#/staff/orders/${id}`}>
                …{shortId(id)}
              </a>
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
    </>
  );
}
