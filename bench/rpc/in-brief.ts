import { ratioOf, spreadOf } from '../figures.js';
import type { ReportTable } from '../report/index.js';
import type { Result } from '../rounds-table.js';
import type { Competitor } from './competitors.js';

export interface CallResult extends Result {
  readonly competitor: Competitor;
}

/**
 * Fissile's calls over each transport: CPU in microseconds, and its ratio to that of the bare client; for docs/performance.md.
 */
export function inBrief(byConcurrency: ReadonlyMap<number, readonly CallResult[]>): ReportTable {
  const [first = []] = byConcurrency.values();
  const ours = first.filter(({ competitor }) => competitor.program === 'fissile');
  return {
    title: 'In brief',
    columns: [...byConcurrency.keys()].flatMap((concurrency) => [
      { heading: `CPU of a call, ${concurrency} at a time`, unit: 'µs', digits: 0 },
      { heading: `to the bare client, ${concurrency} at a time`, unit: '×' },
    ]),
    rows: ours.map(({ name, competitor: { way, base } }) => ({
      label: `${way}; bare: ${base}`,
      cells: [...byConcurrency.values()].flatMap((results) => {
        const roundsOf = (wanted: string) => results.find((each) => each.name === wanted)?.rounds ?? [];
        return [
          spreadOf(roundsOf(name).map(({ cpu }) => cpu)),
          ratioOf(roundsOf(name), roundsOf(base), 'cpu'),
        ];
      }),
    })),
  };
}
