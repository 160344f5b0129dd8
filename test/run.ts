import { spawn } from 'node:child_process';
import { startTestServer } from '#libs/testing';

/**
 * Runs test files with one PostgreSQL server for all of them, each with databases of its own on it.
 * Usage: node dist/test/run.js 'dist/test/scenarios/*.spec.js'
 */
const server = await startTestServer();
const child = spawn(process.execPath, ['--test', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, TEST_DATABASE_URL: server.url },
});
const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
const code = await new Promise<number>((resolve) => child.once('exit', (exitCode) => resolve(exitCode ?? 1)));
await server.stop();
process.exitCode = code;
