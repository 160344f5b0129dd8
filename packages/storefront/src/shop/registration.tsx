import { hasCode } from '@fissile/client';
import { useState } from 'preact/hooks';
import { Fault, useSubmit } from '@fissile/console';
import { shop, signIn } from './shop.ts';

/** Makes an account, and signs in with it as far as the shop lets it before the address is confirmed. */
export function Registration({ onBack }: { onBack: () => void }) {
  const [isMailed, setMailed] = useState(false);
  const { fault, isBusy, submit } = useSubmit(async (fields) => {
    setMailed(false);
    setMailed(!(await register(fields)));
  });
  return (
    <form class="card narrow" onSubmit={submit} aria-label="Make an account">
      <label>
        Name
        <input name="name" autocomplete="name" required maxLength={200} />
      </label>
      <label>
        Email
        <input name="email" type="email" autocomplete="username" required />
      </label>
      <label>
        Password
        <input
          name="password"
          type="password"
          autocomplete="new-password"
          required
          aria-describedby="password-rule"
        />
      </label>
      <p class="hint" id="password-rule">
        At least 12 characters, and not easy to guess.
      </p>
      <label>
        Password again
        <input name="again" type="password" autocomplete="new-password" required />
      </label>
      <Fault text={fault} />
      <div role="status">{isMailed && 'A mail is on its way to you. Open its link, and sign in.'}</div>
      <button class="primary" disabled={isBusy}>
        Make the account
      </button>
      <button type="button" onClick={onBack}>
        Back to the sign-in
      </button>
    </form>
  );
}

/** @returns whether the newcomer is signed in already */
async function register(fields: FormData): Promise<boolean> {
  const text = (name: string): string => String(fields.get(name) ?? '');
  const [email, password] = [text('email'), text('password')];
  if (password !== text('again')) throw new Error('The passwords are not the same.');
  await shop.post('/api/users', { body: { email, password, name: text('name') } });
  try {
    await signIn({ email, password });
    return true;
  } catch (error) {
    // Where addresses have to be confirmed, one that is taken gets the same answer as one that is not.
    if (hasCode(error, 'email_not_verified', 'invalid_credentials')) return false;
    throw error;
  }
}
