import type { Activity, Topology } from '../shared/operator-api.ts';
import { conditionOf } from './condition.ts';

/** How long the page says that something is back. */
const SAID_FOR_MS = 15_000;

/** A process of which nothing serves. */
export interface Outage {
  readonly process: string;
  readonly hosts: readonly string[];
  /** As whoever starts it has seen it; where nobody has, when this page first saw it. */
  readonly since: string;
  /** Such as "restarting"; undefined where nothing on this machine starts it. */
  readonly outlook: string | undefined;
  /** When it served again, for a short time after that. */
  readonly endedAt?: string;
}

/** What is down by these readings, and what has come back lately. */
export function followOutages(
  before: readonly Outage[],
  topology: Topology,
  activity: Activity,
): readonly Outage[] {
  const now = topology.processes.flatMap((process) => {
    const known = before.find(({ process: name, endedAt }) => name === process.name && !endedAt);
    return outageOf(process, topology, activity, known?.since ?? activity.at) ?? [];
  });
  const over = before
    .filter(({ process }) => now.every((outage) => outage.process !== process))
    .map((outage) => ({ endedAt: activity.at, ...outage }))
    .filter(({ endedAt }) => Date.parse(activity.at) - Date.parse(endedAt) < SAID_FOR_MS);
  return [...now, ...over];
}

function outageOf(
  process: Topology['processes'][number],
  { placement }: Topology,
  activity: Activity,
  firstSeen: string,
): Outage | undefined {
  const { name, hosts } = process;
  const placed = placement?.processes.find((one) => one.name === name);
  const reports = activity.processes.find((one) => one.name === name);
  if (conditionOf(process, reports, placed).tone !== 'bad') return undefined;
  return { process: name, hosts, since: placed?.downSince ?? firstSeen, outlook: outlookOf(placed?.state) };
}

function outlookOf(state: 'running' | 'starting' | 'stopped' | undefined): string | undefined {
  if (state === 'starting') return 'restarting';
  return state === 'stopped' ? 'stopped' : undefined;
}
