import { npmCommand, read, refuse } from '../tools/command-line/command-line.js';
import { readFileSync } from 'node:fs';
import { runSpecs } from './run-specs.js';
import { specFiles } from './spec-files.js';
import { startTestServices } from './test-services.js';

/**
 * Runs test files with one PostgreSQL server, and one of each broker, for all of them; each has its own databases and
 * queues there. Usage: node dist/test/run.js quick | product | rest | 'test/scenarios/*.spec.ts' …
 */
const QUICK = ['{apps,libs,tools,bench,packages}/**/*.spec.ts', 'test/{architecture,scenarios}/*.spec.ts'];

/** What takes a start of the product for each check, or a copy of the project: not before each commit. */
const SLOW = [
  'test/architecture/{new-context,command-lines}.spec.ts',
  'test/scenarios/{crashes,logs}.spec.ts',
];

/** Kit suites over every broker, topology or command. `npm run test:kit` runs them, with all other specs of the kit. */
const SLOW_OF_KIT = (JSON.parse(readFileSync('libs/testing/slow-specs.json', 'utf8')) as string[]).map(
  (source) => `libs/${source}`,
);

/** These take minutes. They start first, the longest before the others, so that none of them runs alone at the end. */
const LONG = [
  'test/faults/{faults,crash-points,one-after-the-other}.spec.ts',
  'test/clinic/clinic.spec.ts',
  'test/topologies/faults.spec.ts',
  'test/architecture/{new-context,command-lines}.spec.ts',
  'test/security/owasp.spec.ts',
  'test/upgrade/upgrade.spec.ts',
  'test/topologies/{rolling-change,discovery,extract,parity,internal-ports}.spec.ts',
  'test/security/brokers.spec.ts',
  'test/scenarios/crashes.spec.ts',
  'test/pages/pages.spec.ts',
];

const SETS: Readonly<Record<string, () => string[]>> = {
  quick: () => specFiles(QUICK, [...SLOW, ...SLOW_OF_KIT]),
  /** Where the kit alone is tested too, with all of its specs. */
  product: () => specFiles(QUICK, [...SLOW, 'libs/**']),
  rest: () => [
    ...LONG.flatMap((source) => specFiles([source])),
    ...specFiles(['test/**/*.spec.ts'], [...QUICK, ...LONG]),
    ...specFiles(SLOW, LONG),
  ],
};

const command = read(
  npmCommand(
    'test:unit',
    'Runs test files with one PostgreSQL server, and one of each broker, for all.',
  ).argument('<files...>', 'quick, product, rest, or patterns of sources'),
);
const chosen = command.args;
const files = chosen.flatMap((word) => SETS[word]?.() ?? specFiles([word]));
if (files.length === 0) refuse(command, `error: no test file is meant by: ${chosen.join(' ')}`);
const services = await startTestServices();
Object.assign(process.env, services.env);
try {
  process.exitCode = await runSpecs(files);
} finally {
  await services.stop();
}
