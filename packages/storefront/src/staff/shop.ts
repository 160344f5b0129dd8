import { type Credentials, inMemory, type paths, ShopClient } from '@fissile/client';
import { productOfThisPage, ProviderSession } from '@fissile/console';

/** The shop as its staff sees it. */
const ofPage = productOfThisPage<paths>('staff', new ProviderSession('fissile.staff'));

export const { api: shop, session } = ofPage;

/** Lets admins in, and nobody else: the API would refuse them most of what is here. */
export async function signInAsAdmin(credentials: Credentials): Promise<void> {
  const tokens = inMemory();
  const whoever = new ShopClient({ url: '', tokens, fetch: ofPage.send });
  await whoever.session.signIn(credentials);
  const { roles } = await whoever.get('/api/users/me');
  const { required, active } = await whoever.get('/api/users/me/second-factor');
  const begun = tokens.read();
  const lacksFactor = required && !active;
  if (begun && roles.includes('admin') && !lacksFactor) return session.begin(begun);
  await whoever.session.signOut();
  if (lacksFactor)
    throw new Error('Admins need a second factor here. Set it up at /console or /account first.');
  throw new Error('This account is not an admin’s.');
}
