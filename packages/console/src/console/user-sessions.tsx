import { counted } from '../shared/format.ts';
import { ScrollTable } from '../shared/scroll-table.tsx';
import { SureButton } from '../shared/sure-button.tsx';
import { Time } from '../shared/time.tsx';
import { product } from './product.ts';
import type { UserChange, UserFacts } from './use-user-change.ts';

interface UserSessionsProps {
  readonly facts: UserFacts;
  readonly change: UserChange;
}

/** Where the account is signed in. */
export function UserSessions({ facts: { user, sessions, isMe }, change }: UserSessionsProps) {
  const { items, nextCursor } = sessions;
  const end = (): void =>
    change(
      () => product.delete('/api/users/{id}/sessions', { params: { path: { id: user.id } } }),
      `${user.email} is signed out everywhere.`,
    );
  if (items.length === 0)
    return (
      <>
        <h2>Sessions</h2>
        <p class="empty">The account is signed in nowhere.</p>
      </>
    );
  return (
    <>
      <div class="row spread">
        <h2>Sessions</h2>
        <SureButton
          label="End all sessions"
          question={isMe ? 'End them all, also this one' : 'End them all'}
          act={end}
        />
      </div>
      <SessionTable items={items} />
      {nextCursor !== null && <p class="hint">The newest {counted(items.length, 'session')}.</p>}
    </>
  );
}

function SessionTable({ items }: Pick<UserFacts['sessions'], 'items'>) {
  return (
    <ScrollTable label="Sessions" columns={['Program', 'Network', 'Last used', 'Begun']} minor={['Begun']}>
      {items.map(({ id, userAgent, network, lastUsedAt, startedAt, current }) => (
        <tr key={id}>
          <th scope="row" class="value">
            {userAgent ?? 'unknown'} {current && <span class="hint">(this one)</span>}
          </th>
          <td class="together">{network ?? 'unknown'}</td>
          <td class="time">
            <Time at={lastUsedAt} />
          </td>
          <td class="time">
            <Time at={startedAt} />
          </td>
        </tr>
      ))}
    </ScrollTable>
  );
}
