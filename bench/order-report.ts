import type { Report } from './report/index.js';
import { briefOf, type Result, tablesOf } from './rounds-table.js';

/** The baseline of the ratios. */
export const BASE = 'hand-written';

const INTRO = `What an order costs here, by hand, with Nest and TypeORM, and with DBOS Transact. An order is placed through
the API with a token, an idempotency key and two lines, and answered when it is confirmed. All take turns on one PostgreSQL
server with its default durability, and every round lasts until nothing that it has set off is under way.

- \`${BASE}\`: Fastify and pg with prepared statements, a database for each context, four durable transactions. It does not
  resume, compensate or deliver events, as ours do.
- \`one transaction\`: the same in one database and one transaction, which cannot be split any more.
- \`DBOS Transact\`: the four transactions as steps of a durable workflow, which resumes.
- \`Nest + TypeORM\`: the four transactions as most teams write them.

All have as many products, and as many connections to each database. Each order takes two products at random, so orders wait
for the stock of the same one as often everywhere, and seldom with many products. CPU and memory are of the server's processes, without
PostgreSQL; of a split shop, all of them together. The clients run on the same processors; what they use stands in a column of its own.`;

const AT_RATE = `Orders that come at this rate, whether those before are answered or not; their times count from when they were due. The rate
is a share of what \`${BASE}\` takes from 16 clients. Who takes less falls behind, and its times grow for as long as the load lasts.`;

/**
 * @param results by load, such as `16 clients`
 * @param atRates by rate, such as `300 orders/s`
 */
export function orderReport(
  results: ReadonlyMap<string, readonly Result[]>,
  atRates: ReadonlyMap<string, readonly Result[]>,
  postgres: string,
): Report {
  const counted = { answer: 'order', base: BASE };
  return {
    slug: 'orders',
    title: 'Placing orders',
    intro: INTRO,
    command: 'npm run bench',
    tables: [
      ...[...results].flatMap(([load, each]) => tablesOf(load, each, counted)),
      ...[...atRates].flatMap(([rate, each]) => {
        const [figures, ratios] = tablesOf(rate, each, counted);
        return [{ ...figures, note: AT_RATE }, ratios];
      }),
    ],
    brief: briefOf(new Map([...results].filter(([load]) => /clients?$/.test(load))), counted),
    postgres,
  };
}
