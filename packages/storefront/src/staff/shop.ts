import { type Credentials, inMemory, type paths, ShopClient } from '@fissile/client';
import { productOfThisPage, ProviderSession } from '@fissile/console';

/** The shop as its staff sees it. */
export const { api: shop, session } = productOfThisPage<paths>(
  'fissile.staff',
  new ProviderSession('fissile.staff'),
);

/** Lets admins in, and nobody else: the API would refuse them most of what is here. */
export async function signInAsAdmin(credentials: Credentials): Promise<void> {
  const tokens = inMemory();
  const whoever = new ShopClient({ url: '', tokens });
  await whoever.session.signIn(credentials);
  const { roles } = await whoever.get('/api/users/me');
  const begun = tokens.read();
  if (begun && roles.includes('admin')) return session.begin(begun);
  await whoever.session.signOut();
  throw new Error('This account is not an admin’s.');
}
