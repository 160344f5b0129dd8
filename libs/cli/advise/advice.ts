import type { MeasuredProcess, Measured } from './measured.js';
import { AS_NOW, keyOf, type Partition } from './placements.js';
import type { Prediction } from './predict.js';

/** Of one processor, by a process whose event loop has still time for what comes at once. */
const BUSY = 0.7;
/** What a change must save, to be worth it. */
const WORTH = 0.05;

export interface Advice {
  /** Of the placement that is advised. */
  readonly label: string;
  readonly change: 'none' | 'merge' | 'more instances';
  readonly reason: string;
}

/**
 * What to do for the load that was measured: the placement with the least CPU for a request whose processes have time enough. No
 * split saves CPU, so none is advised for that; what it gains besides is for people to weigh.
 */
export function adviseOn(measured: Measured, predictions: readonly Prediction[]): Advice {
  const now = predictions.find(({ label }) => label === AS_NOW) as Prediction;
  const busiest = busiestOf(measured.processes);
  if (usageOf(busiest) > BUSY) return moreInstances(busiest, now, predictions);
  const merged = predictions
    .filter(({ partition }) => canHold(measured.processes, partition))
    .toSorted((one, other) => one.cpuMicros - other.cpuMicros)[0];
  if (merged && merged.cpuMicros < now.cpuMicros * (1 - WORTH)) return merge(merged, now);
  return leave(busiest, now, predictions);
}

function moreInstances(
  busiest: MeasuredProcess,
  now: Prediction,
  predictions: readonly Prediction[],
): Advice {
  const share = percent(usageOf(busiest));
  const split = cheapestSplit(now, predictions);
  const cost = split
    ? ` The cheapest split, ${split.label}, costs ${more(split, now)} and takes load off it too.`
    : '';
  return {
    label: AS_NOW,
    change: 'more instances',
    reason: `${busiest.name} uses ${share} of a processor: run more instances of it, which costs no calls.${cost}`,
  };
}

function merge(merged: Prediction, now: Prediction): Advice {
  const saved = percent(1 - merged.cpuMicros / now.cpuMicros);
  const latency =
    merged.medianMs === null || now.medianMs === null
      ? ''
      : ` and half of the requests ${(now.medianMs - merged.medianMs).toFixed(1)} ms`;
  return {
    label: merged.label,
    change: 'merge',
    reason: `It saves ${saved} of the CPU${latency}, and no process would be busy. What it gives up: ${givenUp(now, merged)}.`,
  };
}

function leave(busiest: MeasuredProcess, now: Prediction, predictions: readonly Prediction[]): Advice {
  const split = cheapestSplit(now, predictions);
  const cost = split
    ? `, and the cheapest split, ${split.label}, costs ${more(split, now)}`
    : ', and there is nothing left to split';
  return {
    label: AS_NOW,
    change: 'none',
    reason:
      `Do not split: the busiest process uses ${percent(usageOf(busiest))} of a processor${cost}. ` +
      'Split what must crash, scale or be deployed by itself, and know the price.',
  };
}

/** With as many more processes as one. */
function cheapestSplit(now: Prediction, predictions: readonly Prediction[]): Prediction | undefined {
  return predictions
    .filter(({ processes }) => processes === now.processes + 1)
    .toSorted((one, other) => one.cpuMicros - other.cpuMicros)[0];
}

/** Whether each of its processes is one of now, or several that have time enough together. */
function canHold(processes: readonly MeasuredProcess[], partition: Partition): boolean {
  return partition.every((hosts) => {
    const parts = processes.filter((process) => process.hosts.some((host) => hosts.includes(host)));
    const isWhole = keyOf([parts.flatMap((process) => [...process.hosts])]) === keyOf([hosts]);
    if (!isWhole) return false;
    // Who runs several instances of a process had a reason.
    if (parts.length > 1 && parts.some(({ instances }) => instances > 1)) return false;
    return parts.reduce((sum, process) => sum + usageOf(process), 0) <= BUSY;
  });
}

function busiestOf(processes: readonly MeasuredProcess[]): MeasuredProcess {
  return processes.toSorted((one, other) => usageOf(other) - usageOf(one))[0] as MeasuredProcess;
}

function usageOf({ cpu, instances }: MeasuredProcess): number {
  return cpu / instances;
}

function givenUp(now: Prediction, merged: Prediction): string {
  const gone = now.partition.filter(
    (hosts) => !merged.partition.some((other) => keyOf([other]) === keyOf([hosts])),
  );
  return `${gone.map((hosts) => hosts.join('+')).join(' and ')} then crash, scale and are deployed together`;
}

function more(split: Prediction, now: Prediction): string {
  const cpu = `${percent(split.cpuMicros / now.cpuMicros - 1)} more CPU for a request`;
  if (split.medianMs === null || now.medianMs === null) return cpu;
  return `${cpu} and ${(split.medianMs - now.medianMs).toFixed(1)} ms`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
