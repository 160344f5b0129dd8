import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ProductUnderTest } from './product-under-test.js';

const ADMIN = { email: 'admin@example.com', password: 'the-tests-own-admin' };

/** Who signs in during a test. */
export interface Accounts {
  readonly settings: Readonly<Record<string, string>>;
  /** Registers a user. Returns an access token. */
  signIn(product: ProductUnderTest): Promise<string>;
  signInAsAdmin(product: ProductUnderTest): Promise<string>;
  close(): Promise<void>;
}

export async function openAccounts(): Promise<Accounts> {
  return {
    settings: { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password },
    signIn: async (product) => {
      const user = { email: `${randomUUID()}@example.com`, password: `the-password-of-${randomUUID()}` };
      const { status, body } = await product.call('POST', '/api/users', {
        body: { ...user, name: 'A User' },
      });
      assert.equal(status, 201, JSON.stringify(body));
      return login(product, user);
    },
    signInAsAdmin: (product) => login(product, ADMIN),
    close: async () => undefined,
  };
}

async function login(product: ProductUnderTest, account: typeof ADMIN): Promise<string> {
  const { status, body } = await product.call('POST', '/api/auth/login', { body: account });
  assert.equal(status, 200, JSON.stringify(body));
  return body.accessToken;
}
