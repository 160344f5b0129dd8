import type { QueryOf } from '@fissile/client';
import { Badge, IdLink, LiveTable, money, Time, useLiveList } from '@fissile/console';
import { MoneyList } from './money-list.tsx';
import { shop } from './shop.ts';

const FIELDS = [
  { name: 'id', label: 'Id, or that of the order' },
  {
    name: 'status',
    label: 'Status',
    options: ['pending', 'captured', 'declined', 'refunded', 'refund_failed', 'unknown'],
  },
];

/** Payments of all customers. What the address says goes to the API, which refuses what it does not know and names it. */
export function PaymentsPage() {
  return <MoneyList title="Payments" fields={FIELDS} list={(query) => <PaymentsList query={query} />} />;
}

function PaymentsList({ query }: { query: QueryOf<'/api/payments'> }) {
  const list = useLiveList(shop, '/api/payments', query);
  return (
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
            <IdLink id={id} href={`#/staff/payments/${id}`} />
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
            <IdLink id={orderId} href={`#/staff/orders/${orderId}`} />
          </td>
        </tr>
      ))}
    </LiveTable>
  );
}
