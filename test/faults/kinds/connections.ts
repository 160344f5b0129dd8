import { LossyProxy, startTestServer } from '#libs/testing';
import { EVERYWHERE, type Fault } from '../fault.js';

/** The database does what it is asked to, and its answer to some commits is lost with the connection. */
export function lostCommitAnswers(): Fault {
  let proxy: LossyProxy;
  return {
    name: 'answers to commits lost',
    topologies: EVERYWHERE,
    tries: { short: 1, long: 10 },
    prepare: async () => {
      const { url, stop } = await startTestServer();
      proxy = await LossyProxy.before(url);
      const close = async () => {
        await proxy.close();
        await stop();
      };
      return { options: { env: { DATABASE_URL: proxy.url } }, close };
    },
    inflict: async ({ crowd, random }) => {
      proxy.loseAnswersTo(/COMMIT/, () => random.chance(0.1));
      await crowd.goesOn(60);
      proxy.behave();
    },
  };
}

/** Connections to the database are slow, and some break in the middle. */
export function slowAndBroken(): Fault {
  let proxy: LossyProxy;
  return {
    name: 'connections slow and dropped',
    topologies: EVERYWHERE,
    tries: { short: 1, long: 10 },
    prepare: async () => {
      const { url, stop } = await startTestServer();
      proxy = await LossyProxy.before(url);
      const close = async () => {
        await proxy.close();
        await stop();
      };
      return { options: { env: { DATABASE_URL: proxy.url } }, close };
    },
    inflict: async ({ crowd, random }) => {
      proxy.delay(() => random.between(0, 30));
      proxy.drop(() => random.chance(0.003));
      await crowd.goesOn(60);
      proxy.behave();
    },
  };
}
