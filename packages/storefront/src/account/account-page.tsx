import { useHeadingFocus } from '@fissile/console';
import { useEffect } from 'preact/hooks';
import icon from '../icon.svg';
import { shop } from '../shop/shop.ts';
import { MailForm } from './mail-form.tsx';
import { useMailedToken } from './mailed-token.ts';
import { NewPassword } from './new-password.tsx';
import { Verification } from './verification.tsx';

const TITLES = {
  verify: 'Confirm your email address',
  reset: 'Choose a new password',
  none: 'Forgot your password?',
};

/** Where the links of mails about accounts lead; without the token of one, it sends a mail for a new password. */
export function AccountPage() {
  const mailed = useMailedToken();
  const title = TITLES[mailed?.purpose ?? 'none'];
  useHeadingFocus(String(mailed?.key));
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
      </header>
      <main id="main">
        <h1 tabIndex={-1}>{title}</h1>
        {mailed?.purpose === 'verify' ? (
          <Verification key={mailed.key} token={mailed.token} />
        ) : mailed?.purpose === 'reset' ? (
          <NewPassword key={mailed.key} token={mailed.token} />
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
