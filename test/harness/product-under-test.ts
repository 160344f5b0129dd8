import { Api, type Answer, type CallOptions, type Json } from './api.js';
import { sharedShop } from './shared-shop.js';

/** The running product, as the scenario tests that `npm run new` makes use it. */
export interface ProductUnderTest {
  call(method: string, path: string, options?: Pick<CallOptions, 'token' | 'body'>): Promise<Answer<Json>>;
  /** The access token of a new user. */
  signIn(): Promise<string>;
  signInAsAdmin(): Promise<string>;
  close(): Promise<void>;
}

export async function productUnderTest(): Promise<ProductUnderTest> {
  const shop = await sharedShop();
  const api = new Api(shop);
  return {
    call: (method, path, options) => api.call(method, path, options),
    signIn: async () => (await api.customer()).token,
    signInAsAdmin: () => api.admin(),
    close: () => shop.close(),
  };
}
