import { drawTable } from '@fissile/kit/testing';
import { percentile } from '../../bench/figures.js';
import type { Trial } from './trial.js';

const HEADINGS = ['fault', 'topology', 'tries', 'orders', 'lost', 'doubled', 'stuck'];
const TIMES = ['works again p50', 'max', 'at rest p50', 'max'];

/** The trials as a text table, a row for each fault and topology. Times are in seconds from the end of the fault. */
export function drawTrials(trials: readonly Trial[]): string {
  const groups = Map.groupBy(trials, ({ fault, topology }) => `${fault}, ${topology}`);
  const rows = [...groups.values()].map((group) => [
    group[0]?.fault ?? '',
    group[0]?.topology ?? '',
    ...countsOf(group),
    ...secondsOf(group.map(({ worksAgainMs }) => worksAgainMs)),
    ...secondsOf(group.map(({ atRestMs }) => atRestMs)),
  ]);
  return drawTable([...HEADINGS, ...TIMES], [...rows, ['all', '', ...countsOf(trials)]]);
}

function countsOf(trials: readonly Trial[]): string[] {
  const sum = (count: (trial: Trial) => number) =>
    String(trials.reduce((total, trial) => total + count(trial), 0));
  return [
    String(trials.length),
    sum(({ orders }) => orders),
    sum(({ lost }) => lost.length),
    sum(({ doubled }) => doubled.length),
    sum(({ stuck }) => stuck.length),
  ];
}

function secondsOf(times: readonly (number | undefined)[]): string[] {
  const ascending = times.filter((time) => time !== undefined).sort((one, other) => one - other);
  if (ascending.length === 0) return ['-', '-'];
  return [percentile(ascending, 0.5), percentile(ascending, 1)].map((ms) => (ms / 1_000).toFixed(1));
}

/** A line for each failure. */
export function listViolations(trials: readonly Trial[]): string[] {
  return trials.flatMap(({ fault, topology, seed, lost, doubled, stuck, hints }) =>
    Object.entries({ lost, doubled, stuck, 'in its log': hints }).flatMap(([kind, lines]) =>
      lines.map((line) => `${fault}, ${topology}, seed ${seed}: ${kind}: ${line}`),
    ),
  );
}
