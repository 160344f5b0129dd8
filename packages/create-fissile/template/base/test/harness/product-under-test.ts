import { openAccounts, RunningProduct, sendRequest } from '@fissile/kit/testing';
import createClient, { type Client } from 'openapi-fetch';
import { product } from '#contracts';
import type { paths } from '../../client/api.js';

/** The product as its users run it, with accounts to sign in. */
export interface ProductUnderTest extends Pick<RunningProduct, 'call' | 'close'> {
  /** Knows the paths, bodies and answers that `npm run generate` has found. */
  readonly client: Client<paths>;
  /** Returns the access token of a new user. */
  signIn(): Promise<string>;
  signInAsAdmin(): Promise<string>;
  /** What another process needs to join. */
  readonly handover: string;
}

/** Starts the product. @param settings beside those that keep runs apart */
export async function startProduct(
  topology: string | undefined,
  settings: Readonly<Record<string, string>> = {},
): Promise<ProductUnderTest> {
  const accounts = await openAccounts(product);
  const start = RunningProduct.start({ product, topology, settings: { ...accounts.settings, ...settings } });
  const running = await start.catch(async (error: unknown) => {
    await accounts.close();
    throw error;
  });
  return {
    call: (method, path, options) => running.call(method, path, options),
    client: running.client(createClient<paths>),
    signIn: () => accounts.signIn(running.url),
    signInAsAdmin: () => accounts.signInAsAdmin(running.url),
    handover: JSON.stringify({ url: running.url, accounts: accounts.handover }),
    close: async () => {
      await running.close();
      await accounts.close();
    },
  };
}

/** Takes part in one that another process has started, which closes it. */
async function joinProduct(handover: string): Promise<ProductUnderTest> {
  const { url, accounts: given } = JSON.parse(handover) as { url: string; accounts: string };
  const accounts = await openAccounts(product, given);
  return {
    call: (method, path, options = {}) => sendRequest(url, method, path, options),
    client: createClient<paths>({ baseUrl: url }),
    signIn: () => accounts.signIn(url),
    signInAsAdmin: () => accounts.signInAsAdmin(url),
    handover,
    close: () => accounts.close(),
  };
}

/**
 * The product that the test run has started for all tests, or one of this test's own when it runs by itself. A test that
 * needs other settings, or no other tests beside it, uses `startProduct`.
 */
export function productUnderTest(): Promise<ProductUnderTest> {
  const shared = process.env['TEST_PRODUCT'];
  return shared === undefined ? startProduct(process.env['TEST_TOPOLOGY']) : joinProduct(shared);
}
