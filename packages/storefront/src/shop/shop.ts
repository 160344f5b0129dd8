import { newKey, type paths } from '@fissile/client';
import { productOfThisPage } from '@fissile/console';

/** The shop as its customer sees it. */
export const { api: shop, session } = productOfThisPage<paths>('fissile.shop');

/** A new account for a visitor, with a random password that is not kept. */
export async function signInAsVisitor(): Promise<void> {
  const credentials = { email: `visitor-${newKey()}@example.com`, password: newKey() };
  await shop.post('/api/users', { body: { ...credentials, name: 'A visitor' } });
  await shop.session.signIn(credentials);
}
