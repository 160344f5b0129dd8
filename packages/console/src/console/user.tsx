import { Badge } from '../shared/badge.tsx';
import { counted } from '../shared/format.ts';
import { Fault } from '../shared/notices.tsx';
import { Time } from '../shared/time.tsx';
import { useLoaded } from '../shared/use-loaded.ts';
import { addressWith } from '../shared/use-query.ts';
import { product } from './product.ts';
import { UserActions } from './user-actions.tsx';
import { UserRoles } from './user-roles.tsx';
import { type User, type UserFacts, useUserChange } from './use-user-change.ts';
import { UserSessions } from './user-sessions.tsx';

/** One account: what it may do, where it is signed in, and what an operator does about it. */
export function UserPage({ id }: { id: string }) {
  const { value, error, reload } = useLoaded(() => readUser(id), [id]);
  const change = useUserChange(reload);
  return (
    <>
      <p>
        <a href="#/users">All users</a>
      </p>
      <h1 tabIndex={-1}>User</h1>
      <Fault text={error} />
      {value && (
        <>
          <Facts facts={value} />
          <UserActions facts={value} change={change} />
          <UserRoles key={value.user.roles.join()} user={value.user} change={change} />
          <UserSessions facts={value} change={change} />
        </>
      )}
    </>
  );
}

async function readUser(id: string): Promise<UserFacts> {
  const params = { path: { id } };
  const [user, sessions, secondFactor, me] = await Promise.all([
    product.get('/api/users/{id}', { params }),
    product.get('/api/users/{id}/sessions', { params }),
    product.get('/api/users/{id}/second-factor', { params }),
    // Whom an external provider knows may have no account here.
    product.get('/api/users/me').catch(() => undefined),
  ]);
  return { user, sessions, secondFactor, isMe: me?.id === id };
}

function Facts({ facts: { user, secondFactor, isMe } }: { facts: UserFacts }) {
  const { id, email, emailVerified, name, roles, status, createdAt } = user;
  return (
    <dl class="facts card">
      <dt>Email</dt>
      <dd>
        {email} {isMe && <span class="hint">(you)</span>}
      </dd>
      <dt>Name</dt>
      <dd>{name}</dd>
      <dt>Id</dt>
      <dd class="id">{id}</dd>
      <dt>Status</dt>
      <dd aria-live="polite">
        <Badge state={status} />
      </dd>
      <dt>Roles</dt>
      <dd aria-live="polite">{roles.join(', ')}</dd>
      <dt>Verified</dt>
      <dd>{emailVerified ? 'yes' : 'no'}</dd>
      <dt>Second factor</dt>
      <dd aria-live="polite">{textOf(secondFactor)}</dd>
      <dt>Registered</dt>
      <dd>
        <Time at={createdAt} />
      </dd>
      <dt>Audit log</dt>
      <dd>
        <AuditLinks user={user} />
      </dd>
    </dl>
  );
}

function AuditLinks({ user: { id } }: { user: User }) {
  return (
    <>
      <a href={addressWith('#/audit', { by: id })}>what they did</a>,{' '}
      <a href={addressWith('#/audit', { subject: id })}>what was done to the account</a>
    </>
  );
}

function textOf({ active, required, recoveryCodes }: UserFacts['secondFactor']): string {
  if (active) return `on, ${counted(recoveryCodes, 'recovery code')} left`;
  return required ? 'off, and needed for the rights of an admin' : 'off';
}
