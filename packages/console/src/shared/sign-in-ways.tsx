import type { Credentials, Tokens } from '@fissile/api-client';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Fault } from './notices.tsx';
import {
  fetchSignInOptions,
  isBackFromSignIn,
  type OidcOptions,
  type ProviderSession,
  type SignInOptions,
} from './oidc.ts';
import { messageOf } from './product-api.ts';
import { SignInForm } from './sign-in.tsx';

interface SignInWaysProps {
  readonly provider: ProviderSession;
  /** What a page says to those who sign in with the provider, and to those with a password. */
  readonly hints: { readonly provider: string; readonly password: string };
  /** The page for those who have forgotten their password, where there is one. */
  readonly forgotPassword?: string;
  /** With the tokens of the provider. */
  begin(tokens: Tokens): Promise<void>;
  signIn(credentials: Credentials): Promise<void>;
  /** Shown before the form for a password, where there is one. */
  readonly children?: ComponentChildren;
}

/** Lets somebody in by the external provider, by a password, or by either, as the product has it. */
export function SignInWays(props: SignInWaysProps) {
  const { provider, hints, forgotPassword, begin, signIn, children } = props;
  const [options, setOptions] = useState<SignInOptions>();
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    void (async () => {
      const found = await fetchSignInOptions();
      setOptions(found);
      if (found.oidc && isBackFromSignIn()) await begin(await provider.finish(found.oidc));
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
      {options?.oidc && <ProviderSignIn provider={provider} options={options.oidc} hint={hints.provider} />}
      {options?.password && children}
      {options?.password && (
        <SignInForm signIn={signIn} hint={hints.password} forgotPassword={forgotPassword} />
      )}
    </>
  );
}

interface ProviderSignInProps {
  readonly provider: ProviderSession;
  readonly options: OidcOptions;
  readonly hint: string;
}

function ProviderSignIn({ provider, options, hint }: ProviderSignInProps) {
  const [fault, setFault] = useState<string>();
  const { host } = new URL(options.issuer);
  return (
    <div class="card narrow">
      <p class="hint">
        {hint} You sign in at {host} and come back here.
      </p>
      <Fault text={fault} />
      <button
        type="button"
        class="primary"
        onClick={() => void provider.leave(options).catch((error: unknown) => setFault(messageOf(error)))}
      >
        Sign in with {host}
      </button>
    </div>
  );
}
