import { type Credentials, newKey, type paths } from '@fissile/client';
import { productOfThisPage, ProviderSession } from '@fissile/console';

export const provider = new ProviderSession('fissile.shop');

/** The shop as its customer sees it. */
export const { api: shop, session } = productOfThisPage<paths>('shop', provider, 'customers');

/** A new account for a visitor, with a random password that is not kept. */
export async function signInAsVisitor(): Promise<void> {
  const credentials = { email: `visitor-${newKey()}@example.com`, password: newKey() };
  await shop.post('/api/users', { body: { ...credentials, name: 'A visitor' } });
  await signIn(credentials);
}

/** With an account of the shop's own. */
export async function signIn(credentials: Credentials): Promise<void> {
  await shop.session.signIn(credentials);
  // Of an earlier session with the provider: this one is renewed by the shop itself.
  provider.forget();
}
