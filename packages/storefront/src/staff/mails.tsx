import type { QueryOf } from '@fissile/client';
import { Badge, Filters, LiveTable, type Query, Time, useLiveList, useQuery } from '@fissile/console';
import { shop } from './shop.ts';

const FIELDS = [
  { name: 'recipient', label: 'Recipient', placeholder: 'email' },
  { name: 'orderId', label: 'Id of the order' },
  { name: 'status', label: 'State', options: ['pending', 'sent', 'refused', 'withheld'] },
];

/** What the address says goes to the API as it is, which refuses what it does not know and names it. */
const asked = (query: Query) => query as QueryOf<'/api/notifications/mails'>;

/** What was written to customers. */
export function MailsPage() {
  const [query, change] = useQuery();
  const list = useLiveList(shop, '/api/notifications/mails', asked(query));
  return (
    <>
      <h1 tabIndex={-1}>Mails</h1>
      <p class="hint">
        What the shop has written about orders and accounts. Mails with a secret link, such as for a new
        password, are not kept.
      </p>
      <Filters label="Filter mails" fields={FIELDS} {...{ query, change }} />
      <LiveTable
        list={list}
        what="mail"
        label="Mails"
        columns={['Mail', 'To', 'State', 'Written', 'Attempts']}
        minor={['Written', 'Attempts']}
        empty="No mails match."
      >
        {list.items.map(({ id, subject, to, status, createdAt, attempts }) => (
          <tr key={id}>
            <th scope="row">
              <a href={`#/staff/mails/${id}`}>{subject}</a>
            </th>
            <td class="address">{to}</td>
            <td>
              <Badge state={status} />
            </td>
            <td class="time">
              <Time at={createdAt} />
            </td>
            <td class="number">{attempts}</td>
          </tr>
        ))}
      </LiveTable>
    </>
  );
}
