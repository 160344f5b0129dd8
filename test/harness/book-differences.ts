import { connect } from '../../tools/client/connect.js';
import { reconcile } from '../../tools/reconcile/reconcile.js';
import { ADMIN, type Shop } from './shop.js';

/** Where orders, payments and stock of a running shop do not agree, when nothing is under way any more; by its public API. */
export async function bookDifferences({ url }: Pick<Shop, 'url'>): Promise<readonly string[]> {
  const { email, password } = ADMIN;
  const { admin } = await connect({ FISSILE_URL: url, ADMIN_EMAIL: email, ADMIN_PASSWORD: password });
  return (await reconcile(admin)).differences;
}
