import { BROKERS, provideBroker } from './brokers.js';
import { startTestServer } from './test-database.js';

export interface SharedServices {
  /** The environment variables that give tests the services' URLs. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts one PostgreSQL server, and one of each broker, for all test files of a run. */
export async function startSharedServices(): Promise<SharedServices> {
  const database = await startTestServer();
  const brokers = await Promise.all(BROKERS.map((name) => provideBroker(name)));
  return {
    env: {
      TEST_DATABASE_URL: database.url,
      ...Object.fromEntries(brokers.map(({ variable, url }) => [variable, url])),
    },
    stop: async () => {
      await Promise.all(brokers.map((broker) => broker.stop()));
      await database.stop();
    },
  };
}
