import { resolve } from 'node:path';
import { BROKERS, provideBroker, startTestServer } from '@fissile/kit/testing';
import { provideBrowser } from './harness/browser.js';
import { provideDatabaseTemplate } from './harness/database-template.js';

export interface TestServices {
  /** Tells the tests where the services are. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** What the tests need beside themselves, shared by all of them: PostgreSQL, the brokers and a browser. */
export async function startTestServices(): Promise<TestServices> {
  provideBrowser();
  const database = await startTestServer();
  const template = await provideDatabaseTemplate(database.url).catch(async (error: unknown) => {
    await database.stop();
    throw error;
  });
  const brokers = await Promise.all(BROKERS.map((name) => provideBroker(name)));
  return {
    env: {
      TEST_DATABASE_URL: database.url,
      ...template.env,
      // Each test file is a process, and loads much of the same as the others.
      NODE_COMPILE_CACHE: resolve('node_modules/.cache/compile-cache'),
      ...Object.fromEntries(brokers.map(({ variable, url }) => [variable, url])),
    },
    stop: async () => {
      await Promise.all(brokers.map((broker) => broker.stop()));
      await template.drop();
      await database.stop();
    },
  };
}
