import { startTestServer, until } from '@fissile/kit/testing';
import type { Competitor } from './competitor.js';
import { type Round, roundOf } from './figures.js';
import { FissileCompetitor } from './fissile.js';
import { type Load, placeOrders } from './load.js';
import { BASE, orderReport } from './order-report.js';
import { postgresVersion, readOptions, writeReport } from './report/index.js';
import { addOneDatabase, setUp, startCompetitor } from './start-competitor.js';
import type { Result } from './rounds-table.js';
import { inTurns } from './turns.js';
import { watchUsage } from './usage.js';

/**
 * Places orders at Fissile and at competitors that do the same work, in turns, on one PostgreSQL server with its
 * default durability: by clients that wait for their answers, for each number of products, and at fixed rates, which are shares of what
 * the hand-written service takes from 16 clients. Usage: npm run bench [-- --rounds N] [--seconds N] [--concurrency 1,16,64]
 * [--products 100,1000] [--rates 0.3,0.6] [--only name,name] [--no-report]
 */
const options = readOptions({
  rounds: 3,
  seconds: 4,
  concurrency: [1, 16, 64],
  products: [100, 1_000],
  rates: [0.3, 0.6],
  only: '',
});
const [FEWEST_PRODUCTS = 100] = options.products;
const products = Math.max(...options.products);

interface Turn extends Pick<Load, 'by' | 'seconds'> {
  /** Orders are for so many products: the fewer there are, the more orders wait for the stock of the same one. */
  readonly products: number;
}
const WARM_UP_CLIENTS = 16;
const WARM_UP_SECONDS = options.full ? 15 : options.seconds;
const chosen = options.only.split(',').filter((name) => name !== '');

const database = await startTestServer();
process.env['TEST_DATABASE_URL'] = database.url;
const monolith = await FissileCompetitor.start('fissile, one process', {}, { products });
await monolith.shop.stop();
const ground = await setUp(monolith.shop);
await addOneDatabase(ground);
await monolith.shop.run();
const split = await FissileCompetitor.start('fissile, split over gRPC', { TOPOLOGY: 'split' }, { products });
const cheapSplit = await FissileCompetitor.start(
  'fissile, split over TCP',
  { TOPOLOGY: 'split', TRANSPORT: 'tcp' },
  { products },
);
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
  const atRates = new Map<string, readonly Result[]>();
  // A process that runs for days is JIT-compiled; one that has just started is not.
  const warmUp = { by: { clients: WARM_UP_CLIENTS }, seconds: WARM_UP_SECONDS, products: FEWEST_PRODUCTS };
  for (const competitor of competitors) await run(competitor, warmUp);
  for (const count of options.products) {
    for (const clients of options.concurrency) {
      const load = clients === 1 ? '1 client' : `${clients} clients`;
      const title = count === FEWEST_PRODUCTS ? load : `${load}, ${count} products`;
      results.set(title, await compare({ by: { clients }, products: count }));
    }
  }
  const capacity = await throughputOf(BASE);
  for (const share of options.rates) {
    const rate = Math.round(share * capacity);
    atRates.set(`${rate} orders/s`, await compare({ by: { rate }, products: FEWEST_PRODUCTS }));
  }
  await writeReport(orderReport(results, atRates, await postgresVersion(database.url)), options.full);
} finally {
  await Promise.all(rivals.map((competitor) => competitor.stop()));
  await ground.remove();
  await Promise.all([monolith.stop(), split.stop(), cheapSplit.stop()]);
  await database.stop();
}

/** What a competitor takes from 16 clients. */
async function throughputOf(name: string): Promise<number> {
  const competitor = competitors.find((each) => each.name === name) as Competitor;
  const load = { by: { clients: 16 }, seconds: options.seconds, products: FEWEST_PRODUCTS };
  return (await run(competitor, load)).throughput;
}

async function compare(load: Omit<Turn, 'seconds'>): Promise<readonly Result[]> {
  const turn = { ...load, seconds: options.seconds };
  const rounds = await inTurns(competitors, options.rounds, (competitor) => run(competitor, turn));
  return [...rounds].map(([{ name }, each]) => ({ name, rounds: each }));
}

async function run(competitor: Competitor, { by, seconds, products: count }: Turn): Promise<Round> {
  const tokens = await competitor.tokens();
  // Competitors sell the products of the monolith, whose databases they copied.
  const { productIds } = competitor instanceof FissileCompetitor ? competitor : monolith;
  const usage = watchUsage(competitor.pids());
  const load: Load = { by, seconds, productIds: productIds.slice(0, count), tokens };
  const served = await placeOrders(competitor.url, load).catch((error: unknown) => {
    console.error(`${competitor.name}:\n${competitor.output().slice(-2_000)}`);
    throw error;
  });
  await until(`${competitor.name} has settled`, () => competitor.isSettled(), 120_000);
  return roundOf(served, usage());
}
