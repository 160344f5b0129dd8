import { Argument } from 'commander';
import { npmCommand, read } from '../tools/command-line/command-line.js';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { startSharedServices } from '@fissile/kit/testing';
import { provideBrowser } from './harness/browser.js';
import { type Job, runLanes } from './lanes.js';

/**
 * What `npm test` runs (`quick`, or `product` where the kit alone is tested too), and what `npm run test:all` runs in addition
 * (`all`). Usage: node dist/test/suite.js [quick | product | all]
 */
const CHECKS: readonly Job[] = ['lint', 'contracts:lint'].map((script) => ({
  name: `npm run ${script}`,
  program: 'npm',
  parameters: ['run', '--silent', script],
}));

const test = (name: string, ...parameters: string[]): Job => ({ name, program: 'node', parameters });

/**
 * Files at once, of each of two runs beside each other. They wait for programs, brokers and time limits for much of their time; but more
 * at once take more in all, since processes work for as long as a test waits for others. One that fails is run again alone.
 */
const AT_ONCE = availableParallelism();

/** Faults beside all other tests: how soon a product recovers on a machine of its own, `npm run test:faults` says. */
const PATIENT = {
  FAULTS_WORKS_WITHIN_MS: '120000',
  FAULTS_REST_WITHIN_MS: '240000',
  FAULTS_CALL_TIMEOUT_MS: '5000',
  FAULTS_THINKS_MS: '200',
};

const sets = new Argument('[set]', 'what to run').choices(['quick', 'product', 'all']).default('quick');
const [chosen = 'quick'] = read(npmCommand('test', 'Runs checks and tests.').addArgument(sets))
  .processedArgs as string[];
if (chosen === 'all') await runAll();
else {
  const tests = test('unit tests and scenarios', 'dist/test/run.js', chosen);
  process.exitCode = (await runLanes([CHECKS, [tests]])) ? 0 : 1;
}

/** The kit and the topologies, which wait most of the time, share a lane, and its services; all other tests have their own. */
async function runAll(): Promise<void> {
  // Now, since only one program can install packages at a time.
  provideBrowser();
  const services = await startSharedServices();
  const cache = { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compile-cache') };
  const beside = { TEST_CONCURRENCY: `${AT_ONCE}`, TEST_AGAIN: 'alone', ...cache };
  const env = { ...services.env, ...beside };
  const own = [
    { ...test('the kit alone', 'dist/test/kit-alone/main.js'), env },
    { ...test('topologies and transports', 'dist/test/matrix.js'), env },
  ];
  const rest = {
    ...test('all other tests', 'dist/test/run.js', 'rest'),
    env: { ...PATIENT, ...beside },
  };
  try {
    process.exitCode = (await runLanes([own, [rest]])) ? 0 : 1;
  } finally {
    await services.stop();
  }
}
