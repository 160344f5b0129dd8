import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { startSharedServices } from './shared-services.js';

/**
 * Runs test files that share one PostgreSQL server and one of each broker; each file uses its own databases and
 * queues. Usage: node dist/testing/run-specs.js "dist/**\/*.spec.js"
 */
const CONCURRENCY = Math.max(2, availableParallelism() - 1);

const services = await startSharedServices();
const child = spawn(
  process.execPath,
  ['--test', `--test-concurrency=${CONCURRENCY}`, ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, ...services.env } },
);
const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
const code = await new Promise<number>((resolve) => child.once('exit', (exitCode) => resolve(exitCode ?? 1)));
await services.stop();
process.exitCode = code;
