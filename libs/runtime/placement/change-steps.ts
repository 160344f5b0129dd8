import type { PlacementState, PlannedProcess } from '@fissile/kit/rpc';
import { without } from './plan-change.js';

/**
 * The placements that lead from one to the other, the last of which is the target. Each process that is new, or has instances that
 * are, takes what it hosts in a step of its own: so only one at a time starts beside those that serve, and none calls another
 * that does not serve yet. A process that keeps its name may not lose a context to one that starts: nothing would host it in between.
 */
export function stepsBetween(from: PlacementState, target: PlacementState): PlacementState[] {
  const known = new Set(from.processes.flatMap(portsOf));
  const starting = target.processes.filter((process) => portsOf(process).some((port) => !known.has(port)));
  const steps: PlacementState[] = [];
  let now = from;
  // The last of them comes with all that is left.
  for (const process of starting.slice(0, -1)) {
    const others = now.processes
      .filter(({ name }) => name !== process.name)
      .map((other) => without(other, process.hosts));
    const processes = [...others.filter(({ hosts }) => hosts.length > 0), process];
    now = { ...now, version: now.version + 1, processes };
    steps.push(now);
  }
  return [...steps, { ...target, version: now.version + 1 }];
}

function portsOf({ endpoints }: PlannedProcess): number[] {
  return endpoints.map(({ httpPort }) => httpPort);
}
