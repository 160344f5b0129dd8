import { ApiClient, type Credentials, inMemory, type Tokens } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { forgetSignIn, sendWithProvider } from '../shared/oidc.ts';
import { productOfThisPage } from '../shared/product-api.ts';

/** The product as the operator sees it. */
export const { api: product, session } = productOfThisPage<OperatorApi>('fissile.console', sendWithProvider);

/** Signs in admins only: the API refuses every page to others. */
export async function signInAsAdmin(credentials: Credentials): Promise<void> {
  const tokens = inMemory();
  const client = new ApiClient<OperatorApi>({ url: '', tokens });
  await client.session.signIn(credentials);
  const { roles } = await client.get('/api/users/me');
  const begun = tokens.read();
  if (begun && roles.includes('admin')) {
    // Of an earlier session with the provider: this one is renewed by the product itself.
    forgetSignIn();
    return session.begin(begun);
  }
  await client.session.signOut();
  throw new Error('This account is not an admin’s.');
}

/** The same for a user of the external provider, whom the product itself may not know. */
export async function beginAsAdmin(tokens: Tokens): Promise<void> {
  const headers = { authorization: `Bearer ${tokens.accessToken}` };
  const { status } = await fetch('/api/admin/topology', { headers });
  if (status === 200) return session.begin(tokens);
  forgetSignIn();
  if (status === 403) throw new Error('This account is not an admin’s.');
  if (status === 401) throw new Error('The token of the sign-in service is not accepted: see AUTH_AUDIENCE.');
  throw new Error(`It cannot be found out whether this account is an admin’s (status ${status}).`);
}

/** Ends the session here, and at the external provider where that has begun it. */
export async function signOut(): Promise<void> {
  await product.session.signOut();
  const next = forgetSignIn();
  if (next !== undefined) location.assign(next);
}
