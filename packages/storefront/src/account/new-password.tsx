import { Fault, useHeadingFocus, useSubmit } from '@fissile/console';
import { shop } from '../shop/shop.ts';

/** Sets a new password by the token of a mail. */
export function NewPassword({ token }: { token: string }) {
  const { fault, isBusy, isDone, submit } = useSubmit(async (fields) => {
    const password = String(fields.get('password'));
    if (password !== fields.get('again')) throw new Error('The passwords are not the same.');
    await shop.post('/api/auth/password-reset/confirm', { body: { token, password } });
  });
  // The form, which has the focus, goes away.
  useHeadingFocus(String(isDone));
  return (
    <>
      <div role="status">
        {isDone && (
          <p class="outcome">Your new password is set, and all sessions of your account have ended.</p>
        )}
      </div>
      {isDone ? (
        <p>
          <a href="/shop#/orders">Sign in</a>
        </p>
      ) : (
        <form class="card narrow" onSubmit={submit}>
          <label>
            New password
            <input name="password" type="password" autocomplete="new-password" required />
          </label>
          <label>
            New password again
            <input name="again" type="password" autocomplete="new-password" required />
          </label>
          <Fault text={fault} />
          <button class="primary" disabled={isBusy}>
            Set the password
          </button>
          <a href={location.pathname}>Ask for another mail</a>
        </form>
      )}
    </>
  );
}
