import { Api } from '../../harness/api.js';
import type { Fault } from '../fault.js';

const LISTS = ['sagas', 'dead-letters', 'audit', 'topology'];

interface Partial {
  readonly missing: readonly { readonly context: string }[];
}

/** A context hangs: what operators ask for shows the others, and names the one that is missing. */
export const contextHangs: Fault = {
  name: 'a context hangs under operators',
  heldBy: 'test/topologies/faults.spec.ts',
  topologies: ['split'],
  tries: { short: 1, long: 5 },
  inflict: async ({ shop, random, recovery }) => {
    const api = new Api(shop);
    const admin = await api.admin();
    const context = random.pick(['inventory', 'payments', 'notifications', 'orders']);
    shop.signal(context, 'SIGSTOP');
    try {
      const answers = await Promise.all(
        LISTS.map(async (list) => ({ list, ...(await api.get(`/api/admin/${list}`, admin)) })),
      );
      for (const { list, status, body } of answers) {
        const missing = status === 200 ? (body as Partial).missing.map((one) => one.context) : [];
        if (!missing.includes(context))
          throw new Error(`${list} without ${context}: ${status}, missing ${missing.join() || 'nothing'}`);
      }
    } finally {
      shop.signal(context, 'SIGCONT');
    }
    recovery.begin();
  },
};
