import type { Activity, Topology } from '../shared/operator-api.ts';

type Process = Topology['processes'][number];
type Placed = NonNullable<Topology['placement']>['processes'][number];

export interface Condition {
  readonly text: string;
  readonly tone: 'good' | 'busy' | 'bad' | 'quiet';
}

/** How a process is, in a few words and a tone. */
export function conditionOf(
  { instances, isStale }: Process,
  activity: Activity['processes'][number] | undefined,
  placed: Placed | undefined,
): Condition {
  if (placed?.downSince && placed.state === 'starting') return { text: 'restarting', tone: 'bad' };
  if (placed?.state === 'stopped') return { text: 'stopped', tone: 'bad' };
  const silent = new Set((activity?.instances ?? []).filter(({ isKnown }) => !isKnown).map(({ id }) => id));
  const ready = instances.filter(({ id, state }) => state === 'healthy' && !silent.has(id)).length;
  if (isStale) return { text: 'not registered now', tone: 'bad' };
  if (ready === instances.length && ready > 0)
    return { text: ready === 1 ? 'ready' : `${ready} ready`, tone: 'good' };
  if (instances.length <= 1)
    return {
      text: instances.length === 0 ? 'no instance' : silent.size > 0 ? 'down' : 'not ready',
      tone: 'bad',
    };
  return { text: `${ready} of ${instances.length} ready`, tone: ready === 0 ? 'bad' : 'busy' };
}
