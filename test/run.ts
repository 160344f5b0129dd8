import { spawn } from 'node:child_process';
import { TEST_CONCURRENCY } from './test-concurrency.js';
import { startTestServices } from './test-services.js';

/**
 * Runs test files with one PostgreSQL server, and one of each broker, for all of them; each has databases and queues of
 * its own there. Usage: node dist/test/run.js 'dist/test/scenarios/*.spec.js'
 */
const services = await startTestServices();
const child = spawn(process.execPath, ['--test', TEST_CONCURRENCY, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...services.env },
});
const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
const code = await new Promise<number>((resolve) => child.once('exit', (exitCode) => resolve(exitCode ?? 1)));
await services.stop();
process.exitCode = code;
