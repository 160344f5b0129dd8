import { runTestFiles } from '@fissile/kit/testing';
import { provideSharedShop } from './harness/shared-shop.js';
import { specGroup } from './spec-groups.js';

const SCENARIOS = 'dist/test/scenarios/';

/**
 * Runs test files, with one shop for those scenarios that can share it. Returns the exit code.
 * @param env variables for the tests in addition to the environment of this process
 */
export async function runSpecs(
  files: readonly string[],
  { env = {}, reporter = 'spec' }: { env?: Readonly<Record<string, string>>; reporter?: string } = {},
): Promise<number> {
  const shop = files.some((file) => file.startsWith(SCENARIOS)) ? await provideSharedShop(env) : undefined;
  try {
    return await runTestFiles(files, { reporter, env: { ...env, ...shop?.env }, groupOf: specGroup });
  } finally {
    await shop?.close();
  }
}
