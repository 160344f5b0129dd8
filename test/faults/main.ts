import { npmCommand, read, refuse } from '../../tools/command-line/command-line.js';
import { startTestServices } from '../test-services.js';
import { EVERYWHERE } from './fault.js';
import { allLanes } from './lanes.js';
import { plantBugs } from './planted-bugs.js';
import { type Choice, runFaults } from './run-faults.js';
import { drawTrials, listViolations } from './table.js';
import { appendTrial, isWell, readTrials, type Trial } from './trial.js';

/**
 * Injects faults into running shops, and prints what was lost, duplicated or stuck, and how long it took to recover.
 * Usage: npm run test:faults [-- --seed N] [--short] [--only text] [--topology monolith|split] [--parallel N]
 *   [--trials N] [--minutes N] [--report FILE]
 * npm run test:faults -- --planted: verifies that the faults find planted bugs
 * npm run test:faults -- --table FILE [--table FILE]: the table of all trials that earlier runs have reported
 */
const command = read(
  npmCommand('test:faults', 'Injects faults into running shops, and says what was lost, duplicated or stuck.')
    .option('--seed <number>', 'the same again as a run that has printed it')
    .option('--short', 'a few of each kind', false)
    .option('--planted', 'verifies that the faults find planted bugs', false)
    .option('--only <text>', 'faults with this in their name', '')
    .option('--topology <name>', 'monolith or split; both when absent')
    .option('--parallel <number>', 'shops at a time', '1')
    .option('--trials <number>', 'how many in all')
    .option('--minutes <number>', 'how long')
    .option('--report <file>', 'where each trial is added')
    .option('--table <file...>', 'the table of all trials that earlier runs have reported'),
);
const values = command.opts<{
  seed?: string;
  short: boolean;
  planted: boolean;
  only: string;
  topology?: string;
  parallel: string;
  trials?: string;
  minutes?: string;
  report?: string;
  table?: string[];
}>();
const numbers = [values.seed, values.parallel, values.trials, values.minutes];
if (numbers.some((number) => number !== undefined && !(Number(number) >= 0))) {
  refuse(command, 'error: --seed, --parallel, --trials and --minutes are numbers');
}
if (values.table) {
  printTable(values.table.flatMap(readTrials));
  process.exit();
}
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
const lanes = allLanes().filter(({ fault }) => fault.name.includes(values.only));
if (lanes.length === 0) {
  const names = new Set(allLanes().map(({ fault }) => `  ${fault.name}`));
  console.error(`No fault is named ${values.only}; there are:\n${[...names].join('\n')}`);
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
const trials = await runFaults(choose());
await services.stop();
printTable(trials);

function choose(): Choice {
  const { topology: only, trials: wanted, minutes } = values;
  const topologies = EVERYWHERE.filter((topology) => only === undefined || topology === only);
  let done = 0;
  return {
    // What it needs may have started only now.
    lanes: allLanes().filter(
      ({ fault, topology }) => fault.name.includes(values.only) && topologies.includes(topology),
    ),
    set: values.short ? 'short' : 'long',
    seed,
    parallel: Number(values.parallel),
    ...(wanted !== undefined && { trials: Number(wanted) }),
    ...(minutes !== undefined && { endAt: Date.now() + Number(minutes) * 60_000 }),
    onTrial: (trial) => {
      if (values.report !== undefined) appendTrial(values.report, trial);
      printTrial(trial, (done += 1));
    },
  };
}

function printTrial(trial: Trial, number: number): void {
  const seconds = (ms: number | undefined) => (ms === undefined ? '-' : `${(ms / 1_000).toFixed(1)} s`);
  const { fault, topology, worksAgainMs, atRestMs, tookMs } = trial;
  console.log(
    `  ${number}. ${fault}, ${topology}: ${isWell(trial) ? 'well' : 'NOT WELL'}, works again ${seconds(worksAgainMs)}, ` +
      `at rest ${seconds(atRestMs)}, took ${seconds(tookMs)}`,
  );
  for (const line of listViolations([trial])) console.log(`    - ${line}`);
}

function printTable(all: readonly Trial[]): void {
  console.log(`\n${drawTrials(all)}`);
  const violations = listViolations(all);
  if (violations.length > 0) console.error(`\n${violations.map((line) => `  - ${line}`).join('\n')}`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
