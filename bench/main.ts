import { parseArgs } from 'node:util';
import { startTestServer, until } from '#libs/testing';
import type { Contestant } from './contestant.js';
import { type Round, roundOf } from './figures.js';
import { FissileContestant } from './fissile.js';
import { placeOrders } from './load.js';
import { drawOrders } from './order-table.js';
import { addOneDatabase, layGround, startRival } from './rival.js';
import { cpuSecondsOf, peakMemoryOf } from './usage.js';

/**
 * Places orders at ours and at others that do the same work, in turns, on one PostgreSQL server with its default
 * durability. Usage: npm run bench [-- --rounds N] [--seconds N] [--concurrency 1,16,64] [--only name,name]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    concurrency: { type: 'string', default: '1,16,64' },
    only: { type: 'string', default: '' },
  },
});
const BASE = 'hand-written';
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const concurrencies = values.concurrency.split(',').map(Number);
const chosen = values.only.split(',').filter((name) => name !== '');

const database = await startTestServer();
process.env['TEST_DATABASE_URL'] = database.url;
const monolith = await FissileContestant.start('fissile, one process', {});
await monolith.shop.stop();
const ground = await layGround(monolith.shop);
await addOneDatabase(ground);
await monolith.shop.run();
const split = await FissileContestant.start('fissile, split over gRPC', { TOPOLOGY: 'split' });
const rivals = [
  await startRival(BASE, 'hand-written', ground),
  await startRival('one transaction', 'one-transaction', ground),
  await startRival('DBOS Transact', 'dbos', ground),
  await startRival('Nest + TypeORM', 'plain-nest', ground),
];
const contestants: readonly Contestant[] = [monolith, split, ...rivals].filter(
  ({ name }) => chosen.length === 0 || name === BASE || chosen.some((part) => name.includes(part)),
);
try {
  for (const contestant of contestants) await run(contestant, concurrencies.at(-1) ?? 1);
  for (const concurrency of concurrencies) await compare(concurrency);
  console.log('\npeak memory, MiB');
  for (const { name, pids } of contestants.map((each) => ({ name: each.name, pids: each.pids() }))) {
    console.log(`  ${name}: ${peakMemoryOf(pids)}`);
  }
} finally {
  await Promise.all(rivals.map((rival) => rival.stop()));
  await ground.remove();
  await Promise.all([monolith.stop(), split.stop()]);
  await database.stop();
}

/** Rounds are in turns, each contestant once in each, and another one first every time. */
async function compare(concurrency: number): Promise<void> {
  const results = contestants.map(({ name }) => ({ name, concurrency, rounds: [] as Round[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const index = (round + turn) % contestants.length;
      const contestant = contestants[index];
      if (contestant) results[index]?.rounds.push(await run(contestant, concurrency));
    }
  }
  console.log(`\nconcurrency ${concurrency}\n${drawOrders(results, BASE)}`);
}

async function run(contestant: Contestant, concurrency: number): Promise<Round> {
  const tokens = await contestant.tokens();
  const pids = contestant.pids();
  const before = cpuSecondsOf(pids);
  // Rivals sell the goods of the monolith, whose databases theirs were copied from.
  const { productIds } = contestant === split ? split : monolith;
  const load = { concurrency, seconds, productIds, tokens };
  const served = await placeOrders(contestant.url, load).catch((error: unknown) => {
    console.error(`${contestant.name}:\n${contestant.output().slice(-2_000)}`);
    throw error;
  });
  await until(`${contestant.name} has settled`, () => contestant.isSettled(), 120_000);
  return roundOf(served, cpuSecondsOf(pids) - before);
}
