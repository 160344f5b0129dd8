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
