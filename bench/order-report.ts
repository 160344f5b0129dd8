import type { Report } from './report/index.js';
import { briefOf, type Result, tablesOf } from './rounds-table.js';

/** The baseline of the ratios. */
export const BASE = 'hand-written';

const INTRO = `What an order costs here, by hand, with Nest and TypeORM, and with DBOS Transact. An order is placed through
the API with a token, an idempotency key and two lines, and answered when it is confirmed. All take turns on one PostgreSQL
server with its default durability, and every round lasts until nothing that it has set off is under way.

- \`${BASE}\`: Fastify and pg, a database for each context, four durable transactions. It does not resume, compensate or
  deliver events, as ours do.
- \`one transaction\`: the same in one database and one transaction, which cannot be split any more.
- \`DBOS Transact\`: the four transactions as steps of a durable workflow, which resumes.
- \`Nest + TypeORM\`: the four transactions as most teams write them.

CPU and memory are of the server's processes, without PostgreSQL; of a split shop, all of them together.`;

/** @param results by load, such as `16 clients` */
export function orderReport(results: ReadonlyMap<string, readonly Result[]>, postgres: string): Report {
  const counted = { answer: 'order', base: BASE };
  return {
    slug: 'orders',
    title: 'Placing orders',
    intro: INTRO,
    command: 'npm run bench',
    tables: [...results].flatMap(([load, each]) => tablesOf(load, each, counted)),
    brief: briefOf(results, counted),
    postgres,
  };
}
