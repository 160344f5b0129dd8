import { useEffect, useState } from 'preact/hooks';
import type { SessionWatch } from './product-api.ts';

/** By the reasons that the product gives. */
const TEXTS: Readonly<Record<string, string>> = {
  signed_out: 'You have signed out in another tab.',
  ended_elsewhere: 'This session was ended from another one of yours.',
  password_changed: 'The password of the account was changed. Sign in with the new one.',
  second_factor_changed: 'The second factor of the account was changed.',
  ended_by_admin: 'An admin has ended this session.',
  erased: 'The account is deleted.',
  reused:
    'The session was ended, since its token was used twice, as a stolen one would be. If that was not you, change the password.',
  expired: 'The session has expired.',
};

const ENDED = 'The session has ended: the browser was closed, or it has expired.';

/** Says to somebody who has to sign in again why that is so. */
export function SessionEnd({ session }: { session: SessionWatch }) {
  const [reason, setReason] = useState(session.endReason);
  useEffect(() => session.onChange(() => setReason(session.endReason)), [session]);
  if (reason === undefined) return null;
  return (
    <p class="ended" role="status">
      {TEXTS[reason] ?? ENDED}
    </p>
  );
}
