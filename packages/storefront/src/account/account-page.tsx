import { useHeadingFocus, useSignedIn } from '@fissile/console';
import { useEffect, useState } from 'preact/hooks';
import icon from '../icon.svg';
import { session, shop } from '../shop/shop.ts';
import { MailForm } from './mail-form.tsx';
import { useMailedToken } from './mailed-token.ts';
import { NewPassword } from './new-password.tsx';
import { Verification } from './verification.tsx';
import { YourAccount } from './your-account.tsx';

const TITLES = {
  verify: 'Confirm your email address',
  reset: 'Choose a new password',
  account: 'Your account',
  erased: 'Your account is deleted',
  none: 'Forgot your password?',
};

/**
 * Where the links of mails about accounts lead. Without the token of one, it has what customers may do with their account, and sends others
 * a mail for a new password.
 */
export function AccountPage() {
  const mailed = useMailedToken();
  const isSignedIn = useSignedIn(session);
  const [isErased, setErased] = useState(false);
  const shown = mailed?.purpose ?? (isErased ? 'erased' : isSignedIn ? 'account' : 'none');
  const title = TITLES[shown];
  useHeadingFocus(`${shown} ${mailed?.key}`);
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
        ) : shown === 'erased' ? (
          <Erased />
        ) : shown === 'account' ? (
          <YourAccount onErased={() => setErased(true)} />
        ) : (
          <ForgottenPassword />
        )}
      </main>
    </>
  );
}

function Erased() {
  return (
    <>
      <p class="outcome">Whatever else the shop keeps of you is being deleted now.</p>
      <p>
        <a href="/shop">Open the shop</a>
      </p>
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
