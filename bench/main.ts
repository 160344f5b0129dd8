import { startTestServer, until } from '@fissile/kit/testing';
import type { Competitor } from './competitor.js';
import { type Round, roundOf } from './figures.js';
import { FissileCompetitor } from './fissile.js';
import { placeOrders } from './load.js';
import { BASE, orderReport } from './order-report.js';
import { postgresVersion, readOptions, writeReport } from './report/index.js';
import { addOneDatabase, setUp, startCompetitor } from './start-competitor.js';
import type { Result } from './rounds-table.js';
import { inTurns } from './turns.js';
import { watchUsage } from './usage.js';

/**
 * Places orders at Fissile and at competitors that do the same work, in turns, on one PostgreSQL server with its
 * default durability. Usage: npm run bench [-- --rounds N] [--seconds N] [--concurrency 1,16,64] [--only name,name]
 * [--no-report]
 */
const options = readOptions({ rounds: 3, seconds: 4, concurrency: [1, 16, 64], only: '' });
const WARM_UP_CLIENTS = 16;
const WARM_UP_SECONDS = options.full ? 15 : options.seconds;
const chosen = options.only.split(',').filter((name) => name !== '');

const database = await startTestServer();
process.env['TEST_DATABASE_URL'] = database.url;
const monolith = await FissileCompetitor.start('fissile, one process', {});
await monolith.shop.stop();
const ground = await setUp(monolith.shop);
await addOneDatabase(ground);
await monolith.shop.run();
const split = await FissileCompetitor.start('fissile, split over gRPC', { TOPOLOGY: 'split' });
const cheapSplit = await FissileCompetitor.start('fissile, split over TCP', {
  TOPOLOGY: 'split',
  TRANSPORT: 'tcp',
});
const rivals = [
  await startCompetitor(BASE, 'hand-written', ground),
  await startCompetitor('one transaction', 'one-transaction', ground),
  await startCompetitor('DBOS Transact', 'dbos', ground),
  await startCompetitor('Nest + TypeORM', 'plain-nest', ground),
];
const competitors: readonly Competitor[] = [monolith, split, cheapSplit, ...rivals].filter(
  ({ name }) => chosen.length === 0 || name === BASE || chosen.some((part) => name.includes(part)),
);
try {
  const results = new Map<string, readonly Result[]>();
  // A process that runs for days is JIT-compiled; one that has just started is not.
  for (const competitor of competitors) await run(competitor, WARM_UP_CLIENTS, WARM_UP_SECONDS);
  for (const concurrency of options.concurrency) {
    results.set(concurrency === 1 ? '1 client' : `${concurrency} clients`, await compare(concurrency));
  }
  await writeReport(orderReport(results, await postgresVersion(database.url)), options.full);
} finally {
  await Promise.all(rivals.map((competitor) => competitor.stop()));
  await ground.remove();
  await Promise.all([monolith.stop(), split.stop(), cheapSplit.stop()]);
  await database.stop();
}

async function compare(concurrency: number): Promise<readonly Result[]> {
  const rounds = await inTurns(competitors, options.rounds, (competitor) => run(competitor, concurrency));
  return [...rounds].map(([{ name }, each]) => ({ name, rounds: each }));
}

async function run(
  competitor: Competitor,
  concurrency: number,
  seconds: number = options.seconds,
): Promise<Round> {
  const tokens = await competitor.tokens();
  // Competitors sell the products of the monolith, whose databases they copied.
  const { productIds } = competitor instanceof FissileCompetitor ? competitor : monolith;
  const usage = watchUsage(competitor.pids());
  const load = { concurrency, seconds, productIds, tokens };
  const served = await placeOrders(competitor.url, load).catch((error: unknown) => {
    console.error(`${competitor.name}:\n${competitor.output().slice(-2_000)}`);
    throw error;
  });
  await until(`${competitor.name} has settled`, () => competitor.isSettled(), 120_000);
  return roundOf(served, usage());
}
