import type { Product } from '@fissile/kit/contract';
import { issuerAccounts } from './issuer-accounts.js';
import { ownAccounts } from './own-accounts.js';

/** Who signs in during a test of a product. */
export interface Accounts {
  /** What the product is started with. */
  readonly settings: Readonly<Record<string, string>>;
  /** Returns the access token of a new user of the product at this address. */
  signIn(url: string): Promise<string>;
  signInAsAdmin(url: string): Promise<string>;
  /** What another process gives to `openAccounts` to be able to do the same. */
  readonly handover: string;
  close(): Promise<void>;
}

/**
 * Accounts of the product itself, or, when it signs no tokens, of an issuer that the test serves.
 * @param handover of the process that opened them; absent to open them
 */
export async function openAccounts(product: Product, handover?: string): Promise<Accounts> {
  return product.tokenIssuer === undefined ? issuerAccounts(handover) : ownAccounts();
}
