import type { Credentials } from '@fissile/api-client';
import { Fault } from './notices.tsx';
import { useSubmit } from './use-submit.ts';

interface SignInProps {
  readonly hint: string;
  /** The page for those who have forgotten their password, where there is one. */
  readonly forgotPassword?: string | undefined;
  signIn(credentials: Credentials): Promise<void>;
}

/** Asks who it is. */
export function SignInForm({ hint, forgotPassword, signIn }: SignInProps) {
  const { fault, isBusy, submit } = useSubmit((fields) =>
    signIn({ email: String(fields.get('email')), password: String(fields.get('password')) }),
  );
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
      {forgotPassword !== undefined && <a href={forgotPassword}>Forgot your password?</a>}
    </form>
  );
}
