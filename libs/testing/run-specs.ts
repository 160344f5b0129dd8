import { runTestFiles } from './run-test-files.js';
import { startSharedServices } from './shared-services.js';

/** Suites that start programs or brokers of their own: one after the other they would take too long. */
const ALONE = /^dist\/(testing\/toy|cli\/commands|messaging\/buses|rpc\/transports|database\/embedded)\//;

/** The unit tests of a room share a process. */
const groupOf = (file: string): string | undefined =>
  ALONE.test(file) ? undefined : /^dist\/\w+/.exec(file)?.[0];

/**
 * Runs test files that share one PostgreSQL server and one of each broker; each file uses its own databases and
 * queues. Usage: node dist/testing/run-specs.js "dist/**\/*.spec.js"
 */
const services = await startSharedServices();
try {
  process.exitCode = await runTestFiles(process.argv.slice(2), { env: services.env, groupOf });
} finally {
  await services.stop();
}
