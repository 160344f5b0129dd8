import { newKey } from '@fissile/client';
import { shopOfThisPage } from '@fissile/console';

/** The shop as its customer sees it. */
export const { shop, session } = shopOfThisPage('fissile.shop');

/** An account of its own for somebody who only wants to look: nobody will know its password again. */
export async function enterAsVisitor(): Promise<void> {
  const credentials = { email: `visitor-${newKey()}@example.com`, password: newKey() };
  await shop.post('/api/users', { body: { ...credentials, name: 'A visitor' } });
  await shop.session.signIn(credentials);
}
