import { randomUUID } from 'node:crypto';
import type { Accounts } from './accounts.js';
import { sendRequest } from './send-request.js';

const ADMIN = { email: 'admin@example.com', password: 'the-tests-own-admin' };

/** Accounts of the context `users`, which any process can make, so there is nothing to hand over. */
export function ownAccounts(): Accounts {
  return {
    handover: '',
    settings: { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password },
    signIn: async (url) => {
      const account = { email: `${randomUUID()}@example.com`, password: `the-password-of-${randomUUID()}` };
      await post(url, '/api/users', { ...account, name: 'A User' });
      return login(url, account);
    },
    signInAsAdmin: (url) => login(url, ADMIN),
    close: async () => undefined,
  };
}

async function login(url: string, account: typeof ADMIN): Promise<string> {
  const { accessToken } = (await post(url, '/api/auth/login', account)) as { accessToken: string };
  return accessToken;
}

async function post(url: string, path: string, body: object): Promise<unknown> {
  const answer = await sendRequest(url, 'POST', path, { body });
  if (answer.status >= 400) {
    throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}
