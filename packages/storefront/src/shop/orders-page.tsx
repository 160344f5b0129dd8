import { Badge, IdLink, PagedTable, money, Time, usePages } from '@fissile/console';
import { Entrance } from './entrance.tsx';
import { shop } from './shop.ts';

/** What the customer has ordered so far. */
export function OrdersPage({ isSignedIn }: { isSignedIn: boolean }) {
  return (
    <>
      <h1 tabIndex={-1}>My orders</h1>
      {isSignedIn ? <Orders /> : <Entrance />}
    </>
  );
}

function Orders() {
  const pages = usePages(shop, '/api/orders', {});
  return (
    <PagedTable
      label="My orders"
      columns={['Order', 'Placed', 'Status', 'Total']}
      empty="You have ordered nothing yet."
      pages={pages}
    >
      {pages.items.map(({ id, createdAt, status, total }) => (
        <tr key={id}>
          <th scope="row">
            <IdLink id={id} href={`#/orders/${id}`} />
          </th>
          <td class="time">
            <Time at={createdAt} />
          </td>
          <td>
            <Badge state={status} />
          </td>
          <td class="number">{money(total)}</td>
        </tr>
      ))}
    </PagedTable>
  );
}
