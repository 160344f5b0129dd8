import { runTestFiles } from './run-test-files.js';
import { startSharedServices } from './shared-services.js';

/**
 * Runs test files that share one PostgreSQL server and one of each broker; each file uses its own databases and
 * queues. Usage: node dist/testing/run-specs.js "dist/**\/*.spec.js"
 */
const services = await startSharedServices();
try {
  process.exitCode = await runTestFiles(process.argv.slice(2), { env: services.env });
} finally {
  await services.stop();
}
