import type { ItemOf, QueryOf } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { Badge } from '../shared/badge.tsx';
import { Filters } from '../shared/filters.tsx';
import { useLiveList } from '../shared/live-list.ts';
import { LiveTable } from '../shared/live-table.tsx';
import { useQuery } from '../shared/use-query.ts';
import { Time } from '../shared/time.tsx';
import { product } from './product.ts';
import { useRoles } from './use-roles.ts';

type UserQuery = QueryOf<OperatorApi, '/api/users'>;
type User = ItemOf<OperatorApi, '/api/users'>;

/** Who has an account, what they may do, and whether they can sign in. */
export function UsersPage() {
  const [query, change] = useQuery();
  const list = useLiveList(product, '/api/users', query as UserQuery);
  const fields = [
    { name: 'text', label: 'Email or name', placeholder: 'such as ada' },
    { name: 'role', label: 'Role', options: useRoles().names },
    { name: 'status', label: 'Status', options: ['active', 'disabled'] },
  ];
  return (
    <>
      <h1 tabIndex={-1}>Users</h1>
      <Filters label="Filter users" {...{ fields, query, change }} />
      <LiveTable
        list={list}
        what="user"
        label="Users"
        columns={['User', 'Name', 'Roles', 'Status', 'Verified', 'Registered']}
        minor={['Name', 'Verified', 'Registered']}
        empty="No users match."
      >
        {list.items.map((user) => (
          <UserRow key={user.id} user={user} />
        ))}
      </LiveTable>
    </>
  );
}

function UserRow({ user: { id, email, emailVerified, name, roles, status, createdAt } }: { user: User }) {
  return (
    <tr>
      <th scope="row" class="address">
        <a href={`#/users/${id}`}>{email}</a>
      </th>
      <td>{name}</td>
      <td>{roles.join(', ')}</td>
      <td>
        <Badge state={status} />
      </td>
      <td>{emailVerified ? 'yes' : 'no'}</td>
      <td class="time">
        <Time at={createdAt} />
      </td>
    </tr>
  );
}
