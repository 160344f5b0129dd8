import type { Round } from '../figures.js';
import { readOptions, type ReportTable, writeReport } from '../report/index.js';
import { tablesOf } from '../rounds-table.js';
import { inTurns } from '../turns.js';
import { Brokers } from './brokers.js';
import { listContestants } from './competitors.js';
import { type CallResult, inBrief } from './in-brief.js';
import { Sides } from './sides.js';

/**
 * Makes the same call over every transport, by Fissile and by bare clients, in turns.
 * Usage: npm run bench:rpc [-- --rounds N] [--seconds N] [--concurrency 1,16] [--only name,name] [--no-report]
 */
const options = readOptions({ rounds: 3, seconds: 2, concurrency: [1, 16], only: '' });
const INTRO = `What a call of a contract costs: products.getProducts of two products, answered from memory, inside one
process and over each transport. Ours go the whole way of production (authentication, deadline, breaker, balancer,
metrics; traces are off), against the bare client of the same transport.

Both sides are processes of their own, and CPU and memory are of both together; that of a broker does not count. A call
inside one process is compared with one that does nothing but \`structuredClone\` what it hands over.`;

const chosen = options.only.split(',').filter((name) => name !== '');
const brokers = await Brokers.start();
const running: Sides[] = [];
try {
  for (const competitor of await listContestants(brokers)) {
    if (chosen.length > 0 && !chosen.some((part) => competitor.name.includes(part))) continue;
    running.push(await Sides.start(competitor));
  }
  const tables: ReportTable[] = [];
  const byConcurrency = new Map<number, readonly CallResult[]>();
  for (const concurrency of options.concurrency) {
    const results = await compare(concurrency);
    for (const [base, each] of Map.groupBy(results, ({ competitor }) => competitor.base)) {
      const title = `Calls ${each[0]?.competitor.way}, ${concurrency} at a time`;
      tables.push(...tablesOf(title, each, { answer: 'call', base }));
    }
    byConcurrency.set(concurrency, results);
  }
  await writeReport(
    {
      slug: 'rpc',
      title: 'Calls',
      intro: INTRO,
      command: 'npm run bench:rpc',
      tables,
      brief: inBrief(byConcurrency),
    },
    options.full,
  );
} finally {
  for (const sides of running) sides.stop();
  await brokers.stop();
}

async function compare(concurrency: number): Promise<readonly CallResult[]> {
  const run = (sides: Sides, seconds: number): Promise<Round> => sides.run({ concurrency, seconds });
  for (const sides of running) await run(sides, Math.min(2, options.seconds));
  const rounds = await inTurns(running, options.rounds, (sides) => run(sides, options.seconds));
  return [...rounds].map(([{ competitor }, each]) => ({ competitor, name: competitor.name, rounds: each }));
}
