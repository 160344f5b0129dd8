import { databaseBehindProxy, type LossyProxy, type Random } from '@fissile/kit/testing';
import { EVERYWHERE, type Fault, type Stage } from '../fault.js';

/** The database executes its statements, but the response to some commits is lost with the connection. */
export function lostCommitAnswers(): Fault {
  return throughProxy('answers to commits lost', (proxy, random) => {
    proxy.loseAnswersTo(/COMMIT/, () => random.chance(0.1));
  });
}

/** Connections to the database are slow, and some break in the middle. */
export function slowAndBroken(): Fault {
  return throughProxy('connections slow and dropped', (proxy, random) => {
    proxy.delay(() => random.between(0, 30));
    proxy.drop(() => random.chance(0.003));
  });
}

/** The faults between the shop and its database while the crowd orders. */
function throughProxy(name: string, misbehave: (proxy: LossyProxy, random: Random) => void): Fault {
  let proxy: LossyProxy;
  return {
    name,
    topologies: EVERYWHERE,
    tries: { short: 1, long: 10 },
    prepare: async (): Promise<Stage> => {
      const database = await databaseBehindProxy();
      proxy = database.proxy;
      return { options: { env: { DATABASE_URL: proxy.url } }, close: () => database.close() };
    },
    inflict: async ({ crowd, random, recovery }) => {
      misbehave(proxy, random);
      await crowd.goesOn(60);
      proxy.behave();
      recovery.begin();
    },
  };
}
