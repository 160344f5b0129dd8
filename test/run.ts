import { runSpecs } from './run-specs.js';
import { specFiles } from './spec-files.js';
import { startTestServices } from './test-services.js';

/**
 * Runs test files with one PostgreSQL server, and one of each broker, for all of them; each has its own databases and
 * queues there. Usage: node dist/test/run.js quick | rest | 'test/scenarios/*.spec.ts' …
 */
const QUICK = ['{apps,libs,tools,bench,packages}/**/*.spec.ts', 'test/{architecture,scenarios}/*.spec.ts'];

/** Generates a context in a copy of the project, compiles it and runs it in two topologies. */
const SLOW = ['test/architecture/new-context.spec.ts'];

/** The toy product in every topology, which `npm run test:kit` runs with the other specs of the kit. */
const OF_KIT = ['libs/testing/toy/*.spec.ts'];

const SETS: Readonly<Record<string, () => string[]>> = {
  quick: () => specFiles(QUICK, [...SLOW, ...OF_KIT]),
  rest: () => [...specFiles(['test/**/*.spec.ts'], QUICK), ...specFiles(SLOW)],
};

const chosen = process.argv.slice(2);
const files = chosen.flatMap((word) => SETS[word]?.() ?? specFiles([word]));
if (files.length === 0) throw new Error(`no test file is meant by: ${chosen.join(' ')}`);
const services = await startTestServices();
Object.assign(process.env, services.env);
try {
  process.exitCode = await runSpecs(files);
} finally {
  await services.stop();
}
