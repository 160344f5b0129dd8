import { RunningProduct } from '@fissile/kit/testing';
import { product } from '#contracts';
import { openAccounts } from './accounts.js';

/** The product as its users run it, with accounts to sign in. */
export interface ProductUnderTest extends Pick<RunningProduct, 'call' | 'client' | 'close'> {
  /** Returns the access token of a new user. */
  signIn(): Promise<string>;
  signInAsAdmin(): Promise<string>;
}

/** Starts the product in the topology of the test run. */
export async function productUnderTest(): Promise<ProductUnderTest> {
  const accounts = await openAccounts();
  const topology = process.env['TEST_TOPOLOGY'];
  const start = RunningProduct.start({ product, topology, settings: accounts.settings });
  const running = await start.catch(async (error: unknown) => {
    await accounts.close();
    throw error;
  });
  return {
    call: (method, path, options) => running.call(method, path, options),
    client: (create) => running.client(create),
    signIn: () => accounts.signIn(running.url),
    signInAsAdmin: () => accounts.signInAsAdmin(running.url),
    close: async () => {
      await running.close();
      await accounts.close();
    },
  };
}
