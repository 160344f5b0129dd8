import { type Credentials, hasCode } from '@fissile/api-client';
import { useState } from 'preact/hooks';
import { FocusedInput } from './focused-input.tsx';
import { Fault } from './notices.tsx';
import { useSubmit } from './use-submit.ts';

interface SignInProps {
  readonly hint: string;
  /** The page for those who have forgotten their password, where there is one. */
  readonly forgotPassword?: string | undefined;
  signIn(credentials: Credentials): Promise<void>;
}

/** What an account needs beside its password. The product says so once the password is right. */
interface Needs {
  readonly code: boolean;
  readonly newPassword: boolean;
}

const NOTHING: Needs = { code: false, newPassword: false };

/** Asks who it is. */
export function SignInForm({ hint, forgotPassword, signIn }: SignInProps) {
  const [needs, setNeeds] = useState(NOTHING);
  const { fault, isBusy, submit } = useSubmit(async (fields) => {
    try {
      await signIn(credentialsOf(fields, needs));
    } catch (error) {
      if (!needs.code && hasCode(error, 'second_factor_required')) setNeeds({ ...needs, code: true });
      else if (!needs.newPassword && hasCode(error, 'password_change_required'))
        setNeeds({ ...needs, newPassword: true });
      else throw error;
    }
  });
  return (
    <form class="card narrow" onSubmit={submit}>
      <p class="hint">{hint}</p>
      <label>
        Email
        <input
          name="email"
          type="email"
          autocomplete="username"
          required
          // Another account may need nothing else.
          onInput={() => setNeeds(NOTHING)}
        />
      </label>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      {needs.code && <CodeField />}
      {needs.newPassword && <NewPasswordFields />}
      <Fault text={fault} />
      <button class="primary" disabled={isBusy}>
        Sign in
      </button>
      {forgotPassword !== undefined && <a href={forgotPassword}>Forgot your password?</a>}
    </form>
  );
}

function CodeField() {
  return (
    <>
      <p class="hint" role="status">
        This account has a second factor. Enter what your authenticator app shows, or a recovery code.
      </p>
      <label>
        Code
        <FocusedInput name="code" autocomplete="one-time-code" autocapitalize="off" required />
      </label>
    </>
  );
}

function NewPasswordFields() {
  return (
    <>
      <p class="hint" role="status">
        This password was generated, and others may have seen it. Choose one of your own.
      </p>
      <label>
        New password
        <FocusedInput name="newPassword" type="password" autocomplete="new-password" required />
      </label>
      <label>
        New password again
        <input name="again" type="password" autocomplete="new-password" required />
      </label>
    </>
  );
}

function credentialsOf(fields: FormData, { code, newPassword }: Needs): Credentials {
  const text = (name: string): string => String(fields.get(name) ?? '');
  if (newPassword && text('newPassword') !== text('again'))
    throw new Error('The passwords are not the same.');
  return {
    email: text('email'),
    password: text('password'),
    ...(code && { code: text('code') }),
    ...(newPassword && { newPassword: text('newPassword') }),
  };
}
