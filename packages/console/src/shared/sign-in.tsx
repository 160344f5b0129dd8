import type { Credentials } from '@fissile/api-client';
import { useState } from 'preact/hooks';
import { Fault } from './notices.tsx';
import { messageOf } from './product-api.ts';

interface SignInProps {
  readonly hint: string;
  signIn(credentials: Credentials): Promise<void>;
}

/** Asks who it is. */
export function SignInForm({ hint, signIn }: SignInProps) {
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setFault(undefined);
    signIn({ email: String(fields.get('email')), password: String(fields.get('password')) })
      .catch((error: unknown) => setFault(messageOf(error)))
      .finally(() => setBusy(false));
  };
  return (
    <form class="card narrow" onSubmit={submit}>
      <p class="hint">{hint}</p>
      <label>
        Email
        <input name="email" type="email" autocomplete="username" required />
      </label>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <Fault text={fault} />
      <button class="primary" disabled={isBusy}>
        Sign in
      </button>
    </form>
  );
}
