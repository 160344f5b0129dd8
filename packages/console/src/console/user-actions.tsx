import { SureButton } from '../shared/sure-button.tsx';
import { product } from './product.ts';
import type { User, UserChange, UserFacts } from './use-user-change.ts';

interface UserActionsProps {
  readonly facts: UserFacts;
  readonly change: UserChange;
}

/** What is done to an account as a whole. */
export function UserActions({ facts, change }: UserActionsProps) {
  const { user, secondFactor, isMe } = facts;
  const params = { path: { id: user.id } };
  return (
    <>
      <h2>Actions</h2>
      <div class="actions">
        <StatusButton {...{ facts, change }} />
        {/* One's own is removed by a code of it alone. */}
        {secondFactor.active && !isMe && (
          <SureButton
            label="Reset the second factor"
            question="Reset it: the password is enough then, and all sessions end"
            act={() =>
              change(
                () => product.delete('/api/users/{id}/second-factor', { params }),
                `${user.email} has no second factor any more.`,
              )
            }
          />
        )}
        {user.status === 'active' && <MailButtons user={user} change={change} />}
      </div>
    </>
  );
}

interface MailButtonsProps {
  readonly user: User;
  readonly change: UserChange;
}

/** What is left to the owner of the address. */
function MailButtons({ user: { email, emailVerified }, change }: MailButtonsProps) {
  return (
    <>
      <SureButton
        label="Send a mail for a new password"
        question={`Send the mail to ${email}`}
        style="primary"
        act={() =>
          change(
            () => product.post('/api/auth/password-reset', { body: { email } }),
            `A mail by which to choose a new password is on its way to ${email}.`,
          )
        }
      />
      {!emailVerified && (
        <SureButton
          label="Send a mail to verify the address"
          question={`Send the mail to ${email} again`}
          style="primary"
          act={() =>
            change(
              () => product.post('/api/users/verification', { body: { email } }),
              `A mail by which to verify the address is on its way to ${email}.`,
            )
          }
        />
      )}
    </>
  );
}

function StatusButton({ facts: { user, isMe }, change }: UserActionsProps) {
  const { id, email, status } = user;
  const become = (next: 'active' | 'disabled', done: string): void =>
    change(
      () => product.patch('/api/users/{id}', { params: { path: { id } }, body: { status: next } }),
      done,
    );
  if (status === 'disabled')
    return (
      <SureButton
        label="Enable"
        question={`Let ${email} sign in again`}
        style="primary"
        act={() => become('active', `${email} can sign in again.`)}
      />
    );
  return (
    <SureButton
      label="Disable"
      question={isMe ? 'Disable your own account, and be signed out' : 'Disable it, and end all sessions'}
      act={() => become('disabled', `${email} cannot sign in any more.`)}
    />
  );
}
