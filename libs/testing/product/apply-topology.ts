import type { ControlView } from '@fissile/kit/operations';
import { askControl } from '@fissile/kit/host';
import { until } from '../until.js';

/** Processes start one after the other, on a machine that may be busy. */
export const CHANGE_TIMEOUT_MS = 180_000;

/**
 * Asks a product that runs for its placement, or for a change of it.
 * @param request a TopologyRequest, or what should be refused
 * @throws Error with what it refuses
 */
export async function askTopology(dataDir: string, request: object): Promise<ControlView> {
  const { status, answer } = await askControl(dataDir, request);
  if (status === 200) return answer as ControlView;
  throw new Error(`${JSON.stringify(request)} is refused: ${(answer as { message: string }).message}`);
}

/** The placement, once no change is under way. */
export function topologyAtRest(dataDir: string): Promise<ControlView> {
  return until(
    'the change of the topology has ended',
    async () => {
      const now = await askTopology(dataDir, { action: 'show' });
      return now.change?.endedAt === null ? undefined : now;
    },
    CHANGE_TIMEOUT_MS,
  );
}

/**
 * Moves the contexts of a product that runs until its processes are those of the topology.
 * @returns the ids of its processes, by their names
 * @throws Error when it is refused or rolled back
 */
export async function applyTopology(dataDir: string, topology: string): Promise<ReadonlyMap<string, number>> {
  await askTopology(dataDir, { action: 'apply', topology });
  const { change, processes } = await topologyAtRest(dataDir);
  if (change?.stage !== 'drained' || change.error !== null)
    throw new Error(`${topology} is ${change?.stage}: ${change?.error}`);
  return new Map(processes.flatMap(({ name, pids }) => pids.map((pid) => [name, pid] as const)));
}
