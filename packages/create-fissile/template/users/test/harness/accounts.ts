import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

const ADMIN = { email: 'admin@example.com', password: 'the-tests-own-admin' };

/** Who signs in during a test. */
export interface Accounts {
  readonly settings: Readonly<Record<string, string>>;
  /** Registers a user at the product of this address. Returns an access token. */
  signIn(url: string): Promise<string>;
  signInAsAdmin(url: string): Promise<string>;
  /** What another process gives to `openAccounts` to be able to do the same. */
  readonly handover: string;
  close(): Promise<void>;
}

/** Accounts are those of the product itself, so there is nothing to hand over. */
export async function openAccounts(_handover = ''): Promise<Accounts> {
  return {
    handover: '',
    settings: { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password },
    signIn: async (url) => {
      const account = { email: `${randomUUID()}@example.com`, password: `the-password-of-${randomUUID()}` };
      await post(`${url}/api/users`, { ...account, name: 'A User' });
      return login(url, account);
    },
    signInAsAdmin: (url) => login(url, ADMIN),
    close: async () => undefined,
  };
}

async function login(url: string, account: typeof ADMIN): Promise<string> {
  const { accessToken } = (await post(`${url}/api/auth/login`, account)) as { accessToken: string };
  return accessToken;
}

async function post(url: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  assert.ok(response.ok, text);
  return JSON.parse(text);
}
