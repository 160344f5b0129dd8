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
  { name: 'id', label: 'Id, or that of the order' },
  {
    name: 'status',
    label: 'Status',
    options: ['pending', 'captured', 'declined', 'refunded', 'refund_failed', 'unknown'],
  },
  ...AMOUNT_FIELDS,
];

/** What the address says goes to the API as it is, which refuses what it does not know and names it. */
const asked = (query: Query) => withMinorAmounts(query) as QueryOf<'/api/payments'>;

/** Payments of all customers. */
export function PaymentsPage() {
  const [query, change] = useQuery();
  const list = useLiveList(shop, '/api/payments', asked(query));
  return (
    <>
      <h1 tabIndex={-1}>Payments</h1>
      <Filters label="Filter payments" fields={FIELDS} {...{ query, change }} />
      <LiveTable
        list={list}
        what="payment"
        label="Payments"
        columns={['Payment', 'Made', 'Status', 'Amount', 'Refunds', 'Order']}
        minor={['Made', 'Refunds', 'Order']}
        empty="No payments match."
      >
        {list.items.map(({ id, orderId, createdAt, status, amount, refunds }) => (
          <tr key={id}>
            <th scope="row">
              <a class="id" href={`#/staff/payments/${id}`}>
                …{shortId(id)}
              </a>
            </th>
            <td class="time">
              <Time at={createdAt} />
            </td>
            <td>
              <Badge state={status} />
            </td>
            <td class="number">{money(amount)}</td>
            <td>{refunds.map((refund) => money(refund.amount)).join(', ')}</td>
            <td>
              <a class="id" href={`#/staff/orders/${orderId}`}>
                …{shortId(orderId)}
              </a>
            </td>
          </tr>
        ))}
      </LiveTable>
    </>
  );
}
