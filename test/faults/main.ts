import { parseArgs } from 'node:util';
import { startTestServices } from '../test-services.js';
import { allFaults } from './all-faults.js';
import { EVERYWHERE } from './fault.js';
import { plantBugs } from './planted-bugs.js';
import { isWell, runFaults } from './run-faults.js';
import { drawOutcomes, listViolations } from './table.js';

/**
 * Injects faults into a running shop, and prints what was lost, duplicated or stuck.
 * Usage: npm run test:faults [-- --seed N] [--short] [--only text] [--topology monolith|split]
 * npm run test:faults -- --planted: verifies that the faults find planted bugs
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    short: { type: 'boolean', default: false },
    planted: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    topology: { type: 'string' },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
const faults = allFaults();
if (!faults.some(({ name }) => name.includes(values.only))) {
  console.error(
    `No fault is named ${values.only}; there are:\n${faults.map(({ name }) => `  ${name}`).join('\n')}`,
  );
  process.exit(2);
}
console.log(`seed ${seed}; the same again: npm run test:faults -- --seed ${seed}`);
const services = await startTestServices();
Object.assign(process.env, services.env);
if (values.planted) {
  const missed = await plantBugs(seed);
  await services.stop();
  process.exit(missed.length > 0 ? 1 : 0);
}
const outcomes = await runFaults({
  // The indexes stay the same, since a fault's choices depend on them.
  faults: faults.map((fault) => (fault.name.includes(values.only) ? fault : { ...fault, topologies: [] })),
  topologies: EVERYWHERE.filter((topology) => values.topology === undefined || topology === values.topology),
  set: values.short ? 'short' : 'long',
  seed,
  onTry: (outcome) =>
    console.log(
      `  ${outcome.fault}, ${outcome.topology}: ${outcome.tries}. ${isWell(outcome) ? 'well' : 'NOT WELL'}`,
    ),
});
await services.stop();
console.log(`\n${drawOutcomes(outcomes)}`);
const violations = listViolations(outcomes);
if (violations.length > 0) console.error(`\n${violations.map((line) => `  - ${line}`).join('\n')}`);
process.exitCode = violations.length > 0 ? 1 : 0;
