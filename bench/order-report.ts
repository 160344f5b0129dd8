import { ratioOf } from './figures.js';
import type { Report, ReportTable } from './report/index.js';
import { type Result, tablesOf } from './rounds-table.js';

/** The contestant that ratios are to. */
export const BASE = 'hand-written';

const INTRO = `What an order costs here, by hand, with Nest and TypeORM, and with DBOS Transact. An order is placed through
the API with a token, an idempotency key and two lines, and answered when it is confirmed. All take turns on one PostgreSQL
server with its default durability, and every round lasts until nothing that it has set off is under way.

- \`${BASE}\`: Fastify and pg, a database for each context, four durable transactions. It does not resume, compensate or
  deliver events, as ours do.
- \`one transaction\`: the same in one database and one transaction: the floor, which nothing that can be split reaches.
- \`DBOS Transact\`: the four transactions as steps of a durable workflow, which resumes.
- \`Nest + TypeORM\`: the four transactions as most teams write them.

CPU and memory are of the server's processes, without PostgreSQL; of a split shop, all of them together.`;

/** @param results by concurrency */
export function orderReport(results: ReadonlyMap<number, readonly Result[]>, postgres: string): Report {
  return {
    slug: 'orders',
    title: 'Placing orders',
    intro: INTRO,
    command: 'npm run bench',
    tables: [...results].flatMap(([concurrency, each]) =>
      tablesOf(clients(concurrency), each, { answer: 'order', base: BASE }),
    ),
    brief: briefOf(results),
    postgres,
  };
}

/** Throughput and CPU as ratios, for each concurrency. */
function briefOf(results: ReadonlyMap<number, readonly Result[]>): ReportTable {
  const [first = []] = results.values();
  const figures = [
    { figure: 'throughput', heading: 'orders/s' },
    { figure: 'cpu', heading: 'CPU per order' },
  ] as const;
  const columns = figures.flatMap(({ figure, heading }) =>
    [...results].map(([concurrency, each]) => ({
      heading: `${heading}, ${clients(concurrency)}`,
      unit: '×',
      cellOf: (name: string) => ratioOf(roundsOf(each, name), roundsOf(each, BASE), figure),
    })),
  );
  return {
    title: 'In brief',
    columns,
    rows: first.map(({ name }) => ({ label: name, cells: columns.map(({ cellOf }) => cellOf(name)) })),
  };
}

function roundsOf(results: readonly Result[], name: string): Result['rounds'] {
  return results.find((result) => result.name === name)?.rounds ?? [];
}

function clients(concurrency: number): string {
  return concurrency === 1 ? '1 client' : `${concurrency} clients`;
}
