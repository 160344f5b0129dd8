import { startTestServer, until } from '@fissile/kit/testing';
import type { Contestant } from './contestant.js';
import { type Round, roundOf } from './figures.js';
import { FissileContestant } from './fissile.js';
import { placeOrders } from './load.js';
import { BASE, orderReport } from './order-report.js';
import { postgresVersion, readOptions, writeReport } from './report/index.js';
import { addOneDatabase, layGround, startRival } from './rival.js';
import type { Result } from './rounds-table.js';
import { inTurns } from './turns.js';
import { watchUsage } from './usage.js';

/**
 * Places orders at ours and at others that do the same work, in turns, on one PostgreSQL server with its default
 * durability. Usage: npm run bench [-- --rounds N] [--seconds N] [--concurrency 1,16,64] [--only name,name] [--no-report]
 */
const options = readOptions({ rounds: 3, seconds: 4, concurrency: [1, 16, 64], only: '' });
const WARM_UP_CLIENTS = 16;
const WARM_UP_SECONDS = options.full ? 15 : options.seconds;
const chosen = options.only.split(',').filter((name) => name !== '');

const database = await startTestServer();
process.env['TEST_DATABASE_URL'] = database.url;
const monolith = await FissileContestant.start('fissile, one process', {});
await monolith.shop.stop();
const ground = await layGround(monolith.shop);
await addOneDatabase(ground);
await monolith.shop.run();
const split = await FissileContestant.start('fissile, split over gRPC', { TOPOLOGY: 'split' });
const cheapSplit = await FissileContestant.start('fissile, split over TCP', {
  TOPOLOGY: 'split',
  TRANSPORT: 'tcp',
});
const rivals = [
  await startRival(BASE, 'hand-written', ground),
  await startRival('one transaction', 'one-transaction', ground),
  await startRival('DBOS Transact', 'dbos', ground),
  await startRival('Nest + TypeORM', 'plain-nest', ground),
];
const contestants: readonly Contestant[] = [monolith, split, cheapSplit, ...rivals].filter(
  ({ name }) => chosen.length === 0 || name === BASE || chosen.some((part) => name.includes(part)),
);
try {
  const results = new Map<string, readonly Result[]>();
  // What runs for days is compiled; what has just started is not.
  for (const contestant of contestants) await run(contestant, WARM_UP_CLIENTS, WARM_UP_SECONDS);
  for (const concurrency of options.concurrency) {
    results.set(concurrency === 1 ? '1 client' : `${concurrency} clients`, await compare(concurrency));
  }
  await writeReport(orderReport(results, await postgresVersion(database.url)), options.full);
} finally {
  await Promise.all(rivals.map((rival) => rival.stop()));
  await ground.remove();
  await Promise.all([monolith.stop(), split.stop(), cheapSplit.stop()]);
  await database.stop();
}

async function compare(concurrency: number): Promise<readonly Result[]> {
  const rounds = await inTurns(contestants, options.rounds, (contestant) => run(contestant, concurrency));
  return [...rounds].map(([{ name }, each]) => ({ name, rounds: each }));
}

async function run(
  contestant: Contestant,
  concurrency: number,
  seconds: number = options.seconds,
): Promise<Round> {
  const tokens = await contestant.tokens();
  // Rivals sell the goods of the monolith, whose databases theirs were copied from.
  const { productIds } = contestant instanceof FissileContestant ? contestant : monolith;
  const usage = watchUsage(contestant.pids());
  const load = { concurrency, seconds, productIds, tokens };
  const served = await placeOrders(contestant.url, load).catch((error: unknown) => {
    console.error(`${contestant.name}:\n${contestant.output().slice(-2_000)}`);
    throw error;
  });
  await until(`${contestant.name} has settled`, () => contestant.isSettled(), 120_000);
  return roundOf(served, usage());
}
