import { spawn } from 'node:child_process';
import { provideSharedShop } from './harness/shared-shop.js';
import { TEST_CONCURRENCY } from './test-concurrency.js';

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
    return await run(files, reporter, { ...env, ...shop?.env });
  } finally {
    await shop?.close();
  }
}

async function run(
  files: readonly string[],
  reporter: string,
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const parameters = ['--test', TEST_CONCURRENCY, `--test-reporter=${reporter}`, ...files];
  const child = spawn(process.execPath, parameters, { stdio: 'inherit', env: { ...process.env, ...env } });
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
