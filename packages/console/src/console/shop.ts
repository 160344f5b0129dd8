import { type Credentials, inMemory, ShopClient, type Tokens } from '@fissile/client';
import { forgetSignIn, sendWithProvider } from '../shared/oidc.ts';
import { shopOfThisPage } from '../shared/shop-api.ts';

/** The shop as the operator sees it. */
export const { shop, session } = shopOfThisPage('fissile.console', sendWithProvider);

/** Lets admins in, and nobody else: the API would refuse them every page. */
export async function signInAsAdmin(credentials: Credentials): Promise<void> {
  const tokens = inMemory();
  const whoever = new ShopClient({ url: '', tokens });
  await whoever.session.signIn(credentials);
  const { roles } = await whoever.get('/api/users/me');
  const begun = tokens.read();
  if (begun && roles.includes('admin')) {
    // Of an earlier session with the provider: this one is renewed by the product itself.
    forgetSignIn();
    return session.begin(begun);
  }
  await whoever.session.signOut();
  throw new Error('This account is not an admin’s.');
}

/** The same for somebody whom the external provider has let in, who need not be known to the product otherwise. */
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
  await shop.session.signOut();
  const next = forgetSignIn();
  if (next !== undefined) location.assign(next);
}
