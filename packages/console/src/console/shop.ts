import { type Credentials, inMemory, ShopClient } from '@fissile/client';
import { shopOfThisPage } from '../shared/shop-api.ts';

/** The shop as the operator sees it. */
export const { shop, session } = shopOfThisPage('fissile.console');

/** Signs in admins only: the API refuses every page to others. */
export async function signInAsAdmin(credentials: Credentials): Promise<void> {
  const tokens = inMemory();
  const client = new ShopClient({ url: '', tokens });
  await client.session.signIn(credentials);
  const { roles } = await client.get('/api/users/me');
  const begun = tokens.read();
  if (begun && roles.includes('admin')) return session.begin(begun);
  await client.session.signOut();
  throw new Error('This account is not an admin’s.');
}
