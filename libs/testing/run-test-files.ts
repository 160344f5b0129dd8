import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** How many test files run concurrently. They wait more than they compute, so two run well even on a small machine. */
const CONCURRENCY = Math.max(2, availableParallelism() - 1);

/**
 * Runs test files by Node's test runner, and passes SIGINT and SIGTERM on to it. Returns its exit code.
 * @param files paths or globs
 * @param env what the tests read beside the environment of this process
 */
export async function runTestFiles(
  files: readonly string[],
  { env = {}, reporter = 'spec' }: { env?: Readonly<Record<string, string>>; reporter?: string } = {},
): Promise<number> {
  const parameters = ['--test', `--test-concurrency=${CONCURRENCY}`, `--test-reporter=${reporter}`, ...files];
  const child = spawn(process.execPath, parameters, { stdio: 'inherit', env: { ...process.env, ...env } });
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
