import { spreadOf } from '../figures.js';
import type { Report, ReportTable } from '../report/report.js';
import type { Observed } from './measured-placement.js';
import type { Placement } from './placements.js';
import type { Advised, Predicted } from './run-advise.js';

export interface Comparison {
  readonly placement: Placement;
  readonly predicted: Predicted;
  readonly observed: Observed;
}

const INTRO = `What \`fissile advise\` predicts for each way to have five contexts of the shop beside orders or in processes of
their own, and what was then measured there. It measures the shop as one process, and calls, requests and processes on this machine; all
predictions come from that.

The load are orders, which come at a rate whether those before are answered or not. CPU is of all processes of the shop, without
PostgreSQL and the clients; p50 is the median of the gateway. An error is the difference between the two, as a share of what was
measured.`;
const BEST = 3;
const MEBIBYTE = 2 ** 20;

/** @param comparisons by orders a second */
export function adviseReport(
  comparisons: ReadonlyMap<number, readonly Comparison[]>,
  advised: ReadonlyMap<number, Advised>,
  postgres: string,
): Report {
  const summary = summaryTable(comparisons, advised);
  const tables = [...comparisons].map(([rate, rows]) => placementsTable(rate, rows));
  return {
    slug: 'advise',
    title: 'Predicting a split',
    intro: INTRO,
    command: 'npm run bench:advise',
    tables: [summary, ...tables],
    brief: summary,
    postgres,
  };
}

function summaryTable(
  comparisons: ReadonlyMap<number, readonly Comparison[]>,
  advised: ReadonlyMap<number, Advised>,
): ReportTable {
  return {
    title: 'Errors of the predictions',
    columns: [
      { heading: 'placements', digits: 0 },
      { heading: 'CPU, median error', unit: '%', digits: 1 },
      { heading: 'CPU, worst error', unit: '%', digits: 1 },
      { heading: 'p50, median error', unit: '%', digits: 1 },
      { heading: 'p50, worst error', unit: '%', digits: 1 },
      { heading: 'memory, median error', unit: '%', digits: 1 },
      { heading: 'memory, worst error', unit: '%', digits: 1 },
      { heading: 'advised' },
      { heading: 'its place by CPU', digits: 0 },
    ],
    rows: [...comparisons].map(([rate, rows]) => {
      const { label = '' } = advised.get(rate)?.advice ?? {};
      const errors = [cpuError, medianError, memoryError].flatMap((errorOf) => {
        const { median, max } = spreadOf(rows.map(errorOf));
        return [median, max];
      });
      return { label: `${rate} orders/s`, cells: [rows.length, ...errors, label, placeOf(label, rows)] };
    }),
    note: `The advised placement is to be one of the best ${BEST} that were measured.`,
  };
}

function placementsTable(rate: number, rows: readonly Comparison[]): ReportTable {
  return {
    title: `${rate} orders/s`,
    note: 'By the contexts that have a process of their own.',
    columns: [
      { heading: 'CPU, predicted', unit: 'µs/order', digits: 0 },
      { heading: 'measured', unit: 'µs/order', digits: 0 },
      { heading: 'error', unit: '%', digits: 1 },
      { heading: 'p50, predicted', unit: 'ms', digits: 1 },
      { heading: 'measured', unit: 'ms', digits: 1 },
      { heading: 'error', unit: '%', digits: 1 },
      { heading: 'memory, predicted', unit: 'MiB', digits: 0 },
      { heading: 'measured', unit: 'MiB', digits: 0 },
    ],
    rows: rows.map((row) => ({
      label: row.placement.apart.join(', ') || 'none',
      cells: [
        row.predicted.cpuMicros,
        row.observed.cpuMicros,
        cpuError(row),
        row.predicted.medianMs ?? Number.NaN,
        row.observed.medianMs,
        medianError(row),
        row.predicted.residentBytes / MEBIBYTE,
        row.observed.memory,
      ],
    })),
  };
}

function cpuError({ predicted, observed }: Comparison): number {
  return errorOf(predicted.cpuMicros, observed.cpuMicros);
}

function medianError({ predicted, observed }: Comparison): number {
  return errorOf(predicted.medianMs ?? Number.NaN, observed.medianMs);
}

function memoryError({ predicted, observed }: Comparison): number {
  return errorOf(predicted.residentBytes / MEBIBYTE, observed.memory);
}

/** In percent of what was measured. */
function errorOf(predicted: number, observed: number): number {
  return (Math.abs(predicted - observed) / observed) * 100;
}

/** From 1, among those that were measured, by the CPU that they used. */
function placeOf(label: string, rows: readonly Comparison[]): number {
  const ascending = rows.toSorted((one, other) => one.observed.cpuMicros - other.observed.cpuMicros);
  const index = ascending.findIndex(({ predicted }) => predicted.label === label);
  return index < 0 ? Number.NaN : index + 1;
}
