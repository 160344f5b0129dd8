import { resolve } from 'node:path';
import { startSharedServices } from '@fissile/kit/testing';
import { provideBrowser } from './harness/browser.js';
import { provideDatabaseTemplate } from './harness/database-template.js';

export interface TestServices {
  /** The settings that pass the services' addresses to the tests. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** The external services of the tests, shared by all of them: PostgreSQL, the brokers and a browser. */
export async function startTestServices(): Promise<TestServices> {
  provideBrowser();
  const shared = await startSharedServices();
  const template = await provideDatabaseTemplate(shared.env['TEST_DATABASE_URL'] ?? '').catch(
    async (error: unknown) => {
      await shared.stop();
      throw error;
    },
  );
  return {
    env: {
      ...shared.env,
      ...template.env,
      // Each test file is a process, and loads much of the same code as the others.
      NODE_COMPILE_CACHE: resolve('node_modules/.cache/compile-cache'),
    },
    stop: async () => {
      await template.drop();
      await shared.stop();
    },
  };
}
