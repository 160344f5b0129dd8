import { useState } from 'preact/hooks';
import { Fault } from '../shared/notices.tsx';
import { SecondFactorSetUp } from '../shared/second-factor-set-up.tsx';
import { SignInWays } from '../shared/sign-in-ways.tsx';
import { SessionEnd } from '../shared/session-end.tsx';
import { beginAsAdmin, type PendingAdmin, provider, session, signInAsAdmin } from './product.ts';

const HINTS = {
  provider: 'For admins.',
  password:
    'For admins. The first start of a product prints the first admin’s password and keeps it in .data/admin-credentials.json.',
};

/** Lets admins in, once they have what the product asks of them. */
export function AdminSignIn({ fault }: { fault: string | undefined }) {
  const [pending, setPending] = useState<PendingAdmin>();
  if (pending) return <FirstSetUp pending={pending} />;
  return (
    <>
      <SessionEnd session={session} />
      <Fault text={fault} />
      <SignInWays
        provider={provider}
        hints={HINTS}
        begin={beginAsAdmin}
        signIn={async (credentials) => setPending(await signInAsAdmin(credentials))}
      />
    </>
  );
}

function FirstSetUp({ pending }: { pending: PendingAdmin }) {
  return (
    <section aria-label="Second factor">
      <p>Admins of this product need a second factor. Set it up to go on.</p>
      <SecondFactorSetUp
        password={pending.password}
        begin={(password) => pending.api.post('/api/users/me/second-factor', { body: { password } })}
        confirm={async (code) =>
          (await pending.api.post('/api/users/me/second-factor/confirm', { body: { code } })).recoveryCodes
        }
        done={pending.finish}
      />
    </section>
  );
}
