import { spreadOf } from '../figures.js';
import type { Column, Report, ReportTable } from '../report/index.js';
import type { ScaleRound } from './filled-shop.js';

export interface Comparison {
  readonly title: string;
  /** The first one is the baseline of the ratios. */
  readonly results: readonly { readonly name: string; readonly rounds: readonly ScaleRound[] }[];
}

const INTRO = `What an order costs when many are stored already, and many products sold. All tables that an order leaves rows in
are filled by SQL with orders of the last five days, for 10000 customers, and vacuumed: orders and lines, sagas, outbox, inbox,
reservations, payments, notifications, idempotency keys. Orders of two lines are placed through the API, in turns.

Instances of orders share a machine with all the others, so a second one shows what sharing costs rather than what it gives.`;

/** The figures of rounds, in the order of their columns. */
const FIGURES: Readonly<Partial<Record<keyof ScaleRound, Column>>> = {
  throughput: { heading: 'throughput', unit: 'orders/s', digits: 0 },
  p50: { heading: 'p50', unit: 'ms' },
  p99: { heading: 'p99', unit: 'ms' },
  cpu: { heading: 'CPU', unit: 'µs/order', digits: 0 },
  postgresCpu: { heading: 'CPU of PostgreSQL', unit: 'µs/order', digits: 0 },
};
const NAMES = Object.keys(FIGURES) as (keyof ScaleRound)[];

export function scaleReport(
  comparisons: readonly Comparison[],
  concurrency: number,
  postgres: string,
): Report {
  return {
    slug: 'scale',
    title: 'Orders as the shop fills',
    intro: INTRO,
    command: 'npm run bench:scale',
    tables: comparisons.flatMap((comparison) => [
      figuresOf(comparison, concurrency),
      ratiosOf([comparison], `${comparison.title}, as ratios to: ${comparison.results[0]?.name}`),
    ]),
    brief: ratiosOf(comparisons, 'In brief, as ratios to the first of each kind'),
    postgres,
  };
}

function figuresOf({ title, results }: Comparison, concurrency: number): ReportTable {
  return {
    title: `${title}, ${concurrency} clients`,
    columns: Object.values(FIGURES),
    rows: results.map(({ name, rounds }) => ({
      label: name,
      cells: NAMES.map((figure) => spreadOf(rounds.map((round) => round[figure]))),
    })),
    plots: [NAMES.indexOf('cpu')],
  };
}

function ratiosOf(comparisons: readonly Comparison[], title: string): ReportTable {
  return {
    title,
    columns: Object.values(FIGURES).map(({ heading }) => ({ heading, unit: '×' })),
    rows: comparisons.flatMap(({ results: [base, ...others] }) =>
      others.map(({ name, rounds }) => ({
        label: `${name}, to ${base?.name}`,
        cells: NAMES.map((figure) =>
          spreadOf(
            rounds.map((round, index) => round[figure] / (base?.rounds[index]?.[figure] ?? Number.NaN)),
          ),
        ),
      })),
    ),
  };
}
