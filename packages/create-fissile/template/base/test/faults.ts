import { defineFaultScenario, openAccounts } from '@fissile/kit/testing';
import { product } from '#contracts';

const PATH = '/api/{{firstContext}}';
const accounts = await openAccounts(product);
let token = '';

/** What `npm run faults` has going on while it kills, stops and cuts. Begin what starts your sagas. */
export default defineFaultScenario<string>({
  settings: accounts.settings,
  prepare: async ({ url }) => {
    token = await accounts.signInAsAdmin(url);
  },
  begin: async (running, { number }) => {
    const body = { note: `number ${number}` };
    const { status, body: created } = await running.call('POST', PATH, { token, body });
    if (status !== 201) throw new Error(`POST ${PATH} answered ${status}`);
    return created.id;
  },
  // What was answered with an id is there.
  check: async (running, ids) => {
    const wrong: string[] = [];
    for (const id of ids) {
      const { status } = await running.call('GET', `${PATH}/${id}`, { token });
      if (status !== 200) wrong.push(`${id} answers ${status}`);
    }
    return wrong;
  },
  close: () => accounts.close(),
});
