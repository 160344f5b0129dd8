import { globSync, readFileSync } from 'node:fs';
import { runTestFiles } from './run-test-files.js';
import { startSharedServices } from './shared-services.js';

/** Suites that start programs or brokers of their own: one after the other in a process they would take too long. */
const SLOW = (JSON.parse(readFileSync('testing/slow-specs.json', 'utf8')) as string[])
  .flatMap((sources) => globSync(sources).sort())
  .map((source) => `dist/${source.replace(/\.ts$/, '.js')}`);

/** The unit tests of a room share a process. */
const groupOf = (file: string): string | undefined =>
  SLOW.includes(file) ? undefined : /^dist\/\w+/.exec(file)?.[0];

/**
 * Runs all specs of the kit, which share one PostgreSQL server and one of each broker; each file uses its own databases and
 * queues. The slow ones start first, so that none of them runs alone at the end. Usage: node dist/testing/run-specs.js
 */
const units = globSync('dist/**/*.spec.js')
  .filter((file) => !SLOW.includes(file))
  .sort();
const services = await startSharedServices();
try {
  process.exitCode = await runTestFiles([...SLOW, ...units], { env: services.env, groupOf });
} finally {
  await services.stop();
}
