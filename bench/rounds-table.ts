import { ratioOf, type Round, spreadOf } from './figures.js';
import type { Column, ReportTable } from './report/index.js';

export interface Result {
  readonly name: string;
  /** Empty where it could not run. */
  readonly rounds: readonly Round[];
}

/** The figures of rounds, in the order of their columns. */
const FIGURES = ['throughput', 'p50', 'p99', 'cpu', 'memory', 'clientCpu'] as const;
const PLOTS = [FIGURES.indexOf('throughput'), FIGURES.indexOf('cpu')];

/**
 * The results of competitors under one load: a table of figures, and one of ratios to the named competitor.
 * @param answer what is counted, such as `order`
 */
export function tablesOf(
  title: string,
  results: readonly Result[],
  { answer, base }: { readonly answer: string; readonly base: string },
): readonly [ReportTable, ReportTable] {
  const baseRounds = results.find(({ name }) => name === base)?.rounds ?? [];
  const columns: Readonly<Record<(typeof FIGURES)[number], Column>> = {
    throughput: { heading: 'throughput', unit: `${answer}s/s`, digits: 0 },
    p50: { heading: 'p50', unit: 'ms' },
    p99: { heading: 'p99', unit: 'ms' },
    cpu: { heading: 'CPU', unit: `µs/${answer}`, digits: 0 },
    memory: { heading: 'peak memory', unit: 'MiB', digits: 0 },
    clientCpu: { heading: 'CPU of the clients', unit: `µs/${answer}`, digits: 0 },
  };
  const figures = FIGURES.filter((figure) => baseRounds.some((round) => round[figure] !== undefined));
  const rowsOf = (cell: (rounds: readonly Round[], figure: keyof Round) => ReturnType<typeof spreadOf>) =>
    results.map(({ name, rounds }) => ({
      label: name,
      cells: figures.map((figure) => (rounds.length === 0 ? '–' : cell(rounds, figure))),
    }));
  return [
    {
      title,
      columns: figures.map((figure) => columns[figure]),
      rows: rowsOf((rounds, figure) => spreadOf(rounds.map((round) => round[figure] ?? Number.NaN))),
      plots: PLOTS,
    },
    {
      title: `${title}, as ratios to: ${base}`,
      columns: figures.map((figure) => ({ heading: columns[figure].heading, unit: '×' })),
      rows: rowsOf((rounds, figure) => ratioOf(rounds, baseRounds, figure)),
    },
  ];
}

/** Throughput and CPU of several loads, as ratios; for docs/performance.md. */
export function briefOf(
  loads: ReadonlyMap<string, readonly Result[]>,
  { answer, base }: { readonly answer: string; readonly base: string },
): ReportTable {
  const [first = []] = loads.values();
  const figures = [
    { figure: 'throughput', heading: `${answer}s/s` },
    { figure: 'cpu', heading: `CPU per ${answer}` },
  ] as const;
  const roundsOf = (results: readonly Result[], name: string): Result['rounds'] =>
    results.find((result) => result.name === name)?.rounds ?? [];
  const columns = figures.flatMap(({ figure, heading }) =>
    [...loads].map(([load, each]) => ({
      heading: `${heading}, ${load}`,
      unit: '×',
      cellOf: (name: string) => ratioOf(roundsOf(each, name), roundsOf(each, base), figure),
    })),
  );
  return {
    title: 'In brief',
    columns,
    rows: first.map(({ name }) => ({ label: name, cells: columns.map(({ cellOf }) => cellOf(name)) })),
  };
}
