import type { ControlView } from '@fissile/kit/gateway';
import { askControl } from '@fissile/kit/host';
import { until } from '../until.js';

/**
 * Moves the contexts of a product that runs until its processes are those of the topology.
 * @returns the ids of its processes, by their names
 * @throws Error when it is refused or rolled back
 */
export async function applyTopology(dataDir: string, topology: string): Promise<ReadonlyMap<string, number>> {
  const { status, answer } = await askControl(dataDir, { action: 'apply', topology });
  if (status !== 200)
    throw new Error(`${topology} is not applied: ${(answer as { message: string }).message}`);
  const { change, processes } = await until(`${topology} is applied`, async () => {
    const now = (await askControl(dataDir, { action: 'show' })).answer as ControlView;
    return now.change?.endedAt ? now : undefined;
  });
  if (change?.stage !== 'drained') throw new Error(`${topology} is ${change?.stage}: ${change?.error}`);
  return new Map(processes.flatMap(({ name, pids }) => pids.map((pid) => [name, pid] as const)));
}
