import { ApiClient, type Credentials, hasCode, inMemory, type Tokens } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { ProviderSession } from '../shared/oidc.ts';
import { productOfThisPage } from '../shared/product-api.ts';

export const provider = new ProviderSession('fissile.console');

/** The product as the operator sees it. */
export const { api: product, session, send } = productOfThisPage<OperatorApi>('console', provider);

/** An admin who is signed in, and must set up a second factor before the API answers. */
export interface PendingAdmin {
  readonly api: ApiClient<OperatorApi>;
  readonly password: string;
  /** Begins the session, once the factor is there. */
  finish(): void;
}

/**
 * Signs in admins only: the API refuses every page to others.
 * @returns undefined when the session has begun
 */
export async function signInAsAdmin(credentials: Credentials): Promise<PendingAdmin | undefined> {
  const tokens = inMemory();
  const api = new ApiClient<OperatorApi>({ url: '', tokens, fetch: send });
  await api.session.signIn(credentials);
  const { roles } = await api.get('/api/users/me');
  if (!roles.includes('admin')) {
    await api.session.signOut();
    throw new Error('This account is not an admin’s.');
  }
  const finish = (): void => {
    const begun = tokens.read();
    if (!begun) throw new Error('The session has ended. Sign in again.');
    // Of an earlier session with the provider: this one is renewed by the product itself.
    provider.forget();
    session.begin(begun);
  };
  if (await lacksSecondFactor(api))
    return { api, password: credentials.newPassword ?? credentials.password, finish };
  finish();
  return undefined;
}

/** A product whose users are not the kit's may know no second factors. */
async function lacksSecondFactor(api: ApiClient<OperatorApi>): Promise<boolean> {
  try {
    const { required, active } = await api.get('/api/users/me/second-factor');
    return required && !active;
  } catch (error) {
    if (hasCode(error, 'not_found')) return false;
    throw error;
  }
}

/** The same for a user of the external provider, whom the product itself may not know. */
export async function beginAsAdmin(tokens: Tokens): Promise<void> {
  const headers = { authorization: `Bearer ${tokens.accessToken}` };
  const { status } = await fetch('/api/admin/topology', { headers });
  if (status === 200) return session.begin(tokens);
  provider.forget();
  if (status === 403) throw new Error('This account is not an admin’s.');
  if (status === 401) throw new Error('The token of the sign-in service is not accepted: see AUTH_AUDIENCE.');
  throw new Error(`It cannot be found out whether this account is an admin’s (status ${status}).`);
}
