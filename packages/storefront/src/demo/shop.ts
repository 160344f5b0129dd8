import type { Credentials, paths } from '@fissile/client';
import { productOfThisPage, ProviderSession } from '@fissile/console';

/** The shop as the admin sees it who tries it out. */
export const { api: shop, session } = productOfThisPage<paths>('demo', new ProviderSession('fissile.demo'));

export const signIn = (credentials: Credentials): Promise<void> => shop.session.signIn(credentials);
