import { useHeadingFocus, useSignedIn } from '@fissile/console';
import { useEffect } from 'preact/hooks';
import icon from '../icon.svg';
import { session, shop } from '../shop/shop.ts';
import { MailForm } from './mail-form.tsx';
import { useMailedToken } from './mailed-token.ts';
import { NewPassword } from './new-password.tsx';
import { OwnSecondFactor } from './second-factor.tsx';
import { Verification } from './verification.tsx';

const TITLES = {
  verify: 'Confirm your email address',
  reset: 'Choose a new password',
  none: 'Forgot your password?',
  own: 'Your account',
};

/**
 * Where the links of mails about accounts lead. Without the token of one, whoever is signed in finds the second factor here, and everybody
 * else a way to a new password.
 */
export function AccountPage() {
  const mailed = useMailedToken();
  const isSignedIn = useSignedIn(session);
  const title = TITLES[mailed?.purpose ?? (isSignedIn ? 'own' : 'none')];
  useHeadingFocus(`${mailed?.key} ${isSignedIn}`);
  useEffect(() => void (document.title = `${title} – Fissile shop`), [title]);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="/shop">
          <img src={icon} alt="" />
          Fissile shop
        </a>
        {isSignedIn && (
          <button type="button" onClick={() => void session.end()}>
            Sign out
          </button>
        )}
      </header>
      <main id="main">
        <h1 tabIndex={-1}>{title}</h1>
        {mailed?.purpose === 'verify' ? (
          <Verification key={mailed.key} token={mailed.token} />
        ) : mailed?.purpose === 'reset' ? (
          <NewPassword key={mailed.key} token={mailed.token} />
        ) : isSignedIn ? (
          <OwnSecondFactor />
        ) : (
          <ForgottenPassword />
        )}
      </main>
    </>
  );
}

function ForgottenPassword() {
  return (
    <MailForm
      hint="We send you a mail with a link by which you choose a new password."
      button="Send the mail"
      sent="If this address has an account, a mail is on its way to it."
      send={(email) => shop.post('/api/auth/password-reset', { body: { email } })}
    />
  );
}
