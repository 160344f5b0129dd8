import type { Product } from '@fissile/kit/contract';
import type { Accounts } from './accounts.js';
import { issuerAccounts } from './issuer-accounts.js';
import { ownAccounts } from './own-accounts.js';

/**
 * Accounts of the product itself, or, when it signs no tokens, of an issuer that the test serves.
 * @param handover of the process that opened them; absent to open them
 */
export async function openAccounts(product: Product, handover?: string): Promise<Accounts> {
  return product.tokenIssuer === undefined ? issuerAccounts(handover) : ownAccounts();
}
