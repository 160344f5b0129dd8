import { ratioOf, type Round, type Spread, spreadOf } from './figures.js';

export interface Result {
  readonly name: string;
  readonly concurrency: number;
  readonly rounds: readonly Round[];
}

const HEADINGS = [...['', 'orders/s', 'ratio', 'p50 ms', 'p99 ms', 'CPU µs/order', 'ratio']] as const;

/** The results of one concurrency as text; ratios are medians of round by round, to the contestant that is named. */
export function drawOrders(results: readonly Result[], base: string): string {
  const baseRounds = results.find(({ name }) => name === base)?.rounds ?? [];
  const rows = results.map(({ name, rounds }) => [
    name,
    spread(spreadOf(rounds.map(({ throughput }) => throughput)), 0),
    ratio(ratioOf(rounds, baseRounds, 'throughput')),
    spread(spreadOf(rounds.map(({ p50 }) => p50)), 1),
    spread(spreadOf(rounds.map(({ p99 }) => p99)), 1),
    spread(spreadOf(rounds.map(({ cpu }) => cpu)), 0),
    ratio(ratioOf(rounds, baseRounds, 'cpu')),
  ]);
  const table = [[...HEADINGS], ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `median (minimum–maximum)` */
function spread({ min, median, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function ratio({ median }: Spread): string {
  return `${median.toFixed(2)}×`;
}
