import { useEffect, useState } from 'preact/hooks';
import { FocusedInput } from './focused-input.tsx';
import { Fault } from './notices.tsx';
import { messageOf } from './product-api.ts';
import { useSubmit } from './use-submit.ts';

/** What an authenticator app needs. */
export interface AppSecret {
  readonly secret: string;
  /** The same, as a link that an app on this device opens. */
  readonly otpauth: string;
}

interface SetUpProps {
  /** Of the account, where the user has just typed it; otherwise it is asked for. */
  readonly password?: string;
  begin(password: string): Promise<AppSecret>;
  /** @returns the recovery codes */
  confirm(code: string): Promise<readonly string[]>;
  done(): void;
}

/** Leads through setting up a second factor: the secret, a code of the app, the recovery codes. */
export function SecondFactorSetUp({ password, begin, confirm, done }: SetUpProps) {
  const [secret, setSecret] = useState<AppSecret>();
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>();
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    if (password === undefined) return;
    begin(password)
      .then(setSecret)
      .catch((error: unknown) => setFault(messageOf(error)));
  }, []);
  if (recoveryCodes) return <RecoveryCodes codes={recoveryCodes} done={done} />;
  if (secret) {
    return <AppForm secret={secret} confirm={async (code) => setRecoveryCodes(await confirm(code))} />;
  }
  if (password !== undefined) return <Fault text={fault} />;
  return <PasswordForm begin={async (typed) => setSecret(await begin(typed))} />;
}

function PasswordForm({ begin }: { begin(password: string): Promise<void> }) {
  const { fault, isBusy, submit } = useSubmit((fields) => begin(String(fields.get('password'))));
  return (
    <form class="card narrow" onSubmit={submit}>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <Fault text={fault} />
      <button class="primary" disabled={isBusy}>
        Set up a second factor
      </button>
    </form>
  );
}

interface AppFormProps {
  readonly secret: AppSecret;
  confirm(code: string): Promise<void>;
}

function AppForm({ secret: { secret, otpauth }, confirm }: AppFormProps) {
  const { fault, isBusy, submit } = useSubmit((fields) => confirm(String(fields.get('code'))));
  return (
    <form class="card narrow" onSubmit={submit}>
      <p class="hint">
        Enter this key in an authenticator app, by time and with six digits, or{' '}
        <a href={otpauth}>open an app</a> on this device.
      </p>
      <p>
        <code>{secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <label>
        Code that the app shows
        <FocusedInput name="code" autocomplete="one-time-code" inputMode="numeric" required />
      </label>
      <Fault text={fault} />
      <button class="primary" disabled={isBusy}>
        Confirm
      </button>
    </form>
  );
}

/** Shown once: nobody has them afterwards. */
export function RecoveryCodes({ codes, done }: { codes: readonly string[]; done(): void }) {
  return (
    <section class="card narrow" aria-label="Recovery codes">
      <p class="hint" role="status">
        Keep these codes where you find them without the app. Each signs you in once, and they are not shown
        again.
      </p>
      <ul>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <button type="button" class="primary" onClick={done}>
        I have kept them
      </button>
    </section>
  );
}
