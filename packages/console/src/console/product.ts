import { ApiClient, type Credentials, inMemory, type Tokens } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { ProviderSession } from '../shared/oidc.ts';
import { productOfThisPage } from '../shared/product-api.ts';

export const provider = new ProviderSession('fissile.console');

/** The product as the operator sees it. */
export const { api: product, session } = productOfThisPage<OperatorApi>('fissile.console', provider);

/** Signs in admins only: the API refuses every page to others. */
export async function signInAsAdmin(credentials: Credentials): Promise<void> {
  const tokens = inMemory();
  const client = new ApiClient<OperatorApi>({ url: '', tokens });
  await client.session.signIn(credentials);
  const { roles } = await client.get('/api/users/me');
  const begun = tokens.read();
  if (begun && roles.includes('admin')) {
    // Of an earlier session with the provider: this one is renewed by the product itself.
    provider.forget();
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
  provider.forget();
  if (status === 403) throw new Error('This account is not an admin’s.');
  if (status === 401) throw new Error('The token of the sign-in service is not accepted: see AUTH_AUDIENCE.');
  throw new Error(`It cannot be found out whether this account is an admin’s (status ${status}).`);
}
