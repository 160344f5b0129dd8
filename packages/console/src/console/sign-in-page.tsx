import { useEffect, useState } from 'preact/hooks';
import { Fault } from '../shared/notices.tsx';
import {
  fetchSignInOptions,
  finishSignIn,
  isBackFromSignIn,
  leaveForSignIn,
  type OidcOptions,
  type SignInOptions,
} from '../shared/oidc.ts';
import { messageOf } from '../shared/product-api.ts';
import { SignInForm } from '../shared/sign-in.tsx';
import { beginAsAdmin, signInAsAdmin } from './product.ts';

/** Lets somebody in by the external provider, by a password, or by either, as the product has it. */
export function SignInWays() {
  const [options, setOptions] = useState<SignInOptions>();
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    void (async () => {
      const found = await fetchSignInOptions();
      setOptions(found);
      if (found.oidc && isBackFromSignIn()) await beginAsAdmin(await finishSignIn(found.oidc));
    })().catch((error: unknown) => setFault(messageOf(error)));
  }, []);
  return (
    <>
      <Fault text={fault ?? options?.problem ?? undefined} />
      {options?.problem && (
        <button type="button" onClick={() => location.reload()}>
          Try again
        </button>
      )}
      {options?.oidc && <ProviderSignIn options={options.oidc} />}
      {options?.password && (
        <SignInForm
          signIn={signInAsAdmin}
          hint="For admins. The first start of a product prints the first admin’s password and keeps it in .data/admin-credentials.json."
        />
      )}
    </>
  );
}

function ProviderSignIn({ options }: { options: OidcOptions }) {
  const [fault, setFault] = useState<string>();
  return (
    <div class="card narrow">
      <p class="hint">For admins. You sign in at {new URL(options.issuer).host} and come back here.</p>
      <Fault text={fault} />
      <button
        type="button"
        class="primary"
        onClick={() => void leaveForSignIn(options).catch((error: unknown) => setFault(messageOf(error)))}
      >
        Sign in with {new URL(options.issuer).host}
      </button>
    </div>
  );
}
