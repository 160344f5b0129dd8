import type { Advice } from './advice.js';
import { cpuOf, type Measured } from './measured.js';
import { AS_NOW } from './placements.js';
import type { Prediction } from './predict.js';
import { costAt, type UnitCosts } from './unit-costs.js';

const MEBIBYTE = 1024 * 1024;

/** All that a run found, for programs. */
export interface AdviceReport {
  readonly measured: Measured;
  readonly costs: UnitCosts;
  readonly predictions: readonly Prediction[];
  readonly advice: Advice;
}

/** For the terminal. */
export function describeAdvice({ measured, costs, predictions, advice }: AdviceReport): string {
  return [
    describeMeasured(measured),
    describeCosts(measured, costs),
    '',
    describePredictions(predictions),
    '',
    ...describeConsequences(predictions),
    '',
    `advice: ${advice.label}`,
    advice.reason,
  ].join('\n');
}

function describeMeasured(measured: Measured): string {
  const { seconds, requestsPerSecond, topology, processes } = measured;
  const rate = requestsPerSecond.toFixed(1);
  return `measured for ${seconds.toFixed(0)} s: ${rate} requests/s, ${percent(cpuOf(measured))} of a processor, ${processes.length} process${processes.length === 1 ? '' : 'es'} (${topology})`;
}

function describeCosts({ calls }: Measured, costs: UnitCosts): string {
  const perSecond = calls.reduce((sum, call) => sum + call.perSecond, 0) || 1;
  const { cpuMicros, latencyMs } = costAt(costs.calls, perSecond);
  const { residentBytes, idleCpu } = costs.process;
  return `measured on this machine: a call over ${costs.transport} takes ${cpuMicros.toFixed(0)} µs of CPU and ${latencyMs.toFixed(2)} ms more than within a process, a kilobyte ${costs.cpuMicrosPerKilobyte.toFixed(1)} µs; a process ${mebibytes(residentBytes)} MiB and ${percent(idleCpu, 1)} of a processor`;
}

function describePredictions(predictions: readonly Prediction[]): string {
  const now = predictions.find(({ label }) => label === AS_NOW);
  const header = ['placement', 'processes', 'CPU µs/request', '', 'p50 ms', 'MiB', 'to databases', 'between'];
  const rows = predictions.map((prediction) => [
    prediction.label,
    String(prediction.processes),
    prediction.cpuMicros.toFixed(0),
    changeOf(prediction, now),
    prediction.medianMs?.toFixed(1) ?? '?',
    mebibytes(prediction.residentBytes),
    String(prediction.connections.database),
    String(prediction.connections.processes),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return [header, ...rows].map((row) => row.map(pad).join('   ').trimEnd()).join('\n');
}

function changeOf({ label, cpuMicros }: Prediction, now: Prediction | undefined): string {
  if (!now || label === AS_NOW) return '';
  const share = cpuMicros / now.cpuMicros - 1;
  return `${share < 0 ? '-' : '+'}${percent(Math.abs(share))}`;
}

function describeConsequences(predictions: readonly Prediction[]): string[] {
  return predictions
    .filter(({ failures, gains }) => failures.length + gains.length > 0)
    .map(({ label, failures, gains }) => {
      const fails = failures.length > 0 ? ` can fail more: ${failures.join('; ')}.` : '';
      const gained = gains.length > 0 ? ` Gained: ${gains.join('; ')}.` : '';
      return `${label}:${fails}${gained}`;
    });
}

function mebibytes(bytes: number): string {
  return (bytes / MEBIBYTE).toFixed(0);
}

function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`;
}
