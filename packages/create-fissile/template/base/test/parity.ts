import { openAccounts, type ParityPlan, type RecordedRequest } from '@fissile/kit/testing';
import { product } from '#contracts';

const accounts = await openAccounts(product);

/** A path of a context is asked for by anyone, a user and an admin. */
function requestsOf(path: string): RecordedRequest[] {
  return [
    { path },
    { path, as: 'user' },
    { method: 'POST', path, as: 'user', body: { unknown: 'field' } },
    { path: `${path}/none`, as: 'admin' },
  ];
}

/** What every topology must answer alike. Add what your clients send; `npx fissile parity --record` writes it down. */
const plan: ParityPlan = {
  settings: accounts.settings,
  prepare: async ({ url }) => ({
    user: await accounts.signIn(url),
    admin: await accounts.signInAsAdmin(url),
  }),
  requests: [
    { path: '/docs-json' },
    ...product.contexts.flatMap(({ paths }) => paths.flatMap((path) => requestsOf(path))),
  ],
  close: () => accounts.close(),
};

export default plan;
