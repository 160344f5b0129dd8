import { existsSync } from 'node:fs';
import { npmCommand, numberOf, read } from '../../tools/command-line/command-line.js';
import { Random } from '@fissile/kit/testing';
import { Crowd } from '../faults/crowd.js';
import { connectionsCut, diskFull } from '../faults/kinds/postgres.js';
import { frozen } from '../faults/kinds/processes.js';
import { checkConsistency, type ConsistencyReport } from '../faults/consistency.js';
import { Recovery } from '../faults/recovery.js';
import { Shop } from '../harness/shop.js';
import { startTestServices } from '../test-services.js';
import { middleOf, readUsage, type Usage } from './usage.js';

/**
 * Keeps a shop under load and random faults for the given time, and monitors its resource usage.
 * Usage: npm run soak -- --minutes N [--topology split] [--seed N]
 */
const ROUND_MS = 20_000;
/** Readings of the first rounds, when caches fill and code is compiled, say nothing about leaks. */
const WARM_UP_ROUNDS = 2;
/** Excludes faults that end a process: a restarted process hides the leaks of the old one. */
const FAULTS = [connectionsCut, diskFull, frozen];

interface Round {
  readonly fault: string;
  readonly consistency: ConsistencyReport;
  readonly usage: Usage;
}

async function runRound(shop: Shop, random: Random): Promise<Round> {
  const until = Date.now() + ROUND_MS;
  const crowd = await Crowd.create(shop, random);
  crowd.begin();
  const fault = random.pick(FAULTS);
  const recovery = new Recovery(crowd);
  await fault.inflict({ shop, crowd, random, recovery }, 0);
  await recovery.worksAgain();
  while (Date.now() < until) await crowd.goesOn(50);
  await crowd.stop();
  const consistency = await checkConsistency(shop, crowd);
  return { fault: fault.name, consistency, usage: await readUsage(shop) };
}

function report({ fault, consistency, usage }: Round, number: number): void {
  const { orders, lost, doubled, stuck } = consistency;
  const counts = `${orders} orders, ${lost.length} lost, ${doubled.length} doubled, ${stuck.length} stuck`;
  const used = `${usage.memory} MiB, ${usage.handles} handles, ${usage.connections} connections`;
  console.log(`  ${String(number).padStart(4)}  ${fault}: ${counts}; ${used}`);
  for (const line of [...lost, ...doubled, ...stuck]) console.error(`        - ${line}`);
}

/**
 * The readings that grew by more than a tenth, and by more than a few, from the first third of the rounds to the
 * last.
 */
function findGrowth(rounds: readonly Round[]): string[] {
  const readings = rounds.slice(WARM_UP_ROUNDS).map(({ usage }) => usage);
  const third = Math.floor(readings.length / 3);
  if (third === 0) return [];
  const [early, late] = [middleOf(readings.slice(0, third)), middleOf(readings.slice(-third))];
  const slack: Usage = { memory: 64, handles: 20, connections: 10 };
  return (['memory', 'handles', 'connections'] as const)
    .filter((kind) => late[kind] > early[kind] * 1.1 + slack[kind])
    .map((kind) => `${kind} grew from ${early[kind]} to ${late[kind]}`);
}

const command = read(
  npmCommand(
    'soak',
    'Keeps a shop under load and random faults, and watches memory, handles and connections.',
  )
    .option('--minutes <number>', 'how long', '10')
    .option('--topology <name>', 'a topology of config/topology.yaml', 'monolith')
    .option('--seed <number>', 'of what is chosen at random', String(Math.floor(Math.random() * 1_000_000))),
);
const { topology } = command.opts<{ topology: string }>();
const seed = numberOf(command, 'seed');
const endAt = Date.now() + numberOf(command, 'minutes') * 60_000;
if (!existsSync('/proc/self/fd'))
  console.warn('SKIPPED: memory and handles are read from /proc, which does not exist');
console.log(`seed ${seed}, ${topology}, until ${new Date(endAt).toISOString()}`);
const services = await startTestServices();
Object.assign(process.env, services.env);
const shop = await Shop.start({ env: { TOPOLOGY: topology } });
const random = new Random(seed);
const rounds: Round[] = [];
while (Date.now() < endAt) {
  rounds.push(await runRound(shop, random));
  report(rounds.at(-1) as Round, rounds.length);
}
await shop.close();
await services.stop();
const growth = findGrowth(rounds);
const wrong = rounds.flatMap(({ consistency: { lost, doubled, stuck } }) => [...lost, ...doubled, ...stuck]);
console.log(
  `\n  ${rounds.length} rounds, ${rounds.reduce((sum, { consistency }) => sum + consistency.orders, 0)} orders, ` +
    `${wrong.length} wrong; ${growth.length === 0 ? 'memory, handles and connections are steady' : growth.join(', ')}`,
);
process.exitCode = wrong.length + growth.length > 0 ? 1 : 0;
