import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import type { DescribedProcess, Product } from '@fissile/kit/contract';
import { DatabaseSettings } from '@fissile/kit/database';
import { DiscoverySettings } from '@fissile/kit/rpc';
import { MessagingSettings } from '@fissile/kit/messaging';
import { readTopologies, readTopology } from '@fissile/kit/nest';
import type { LocalProcesses } from '../supervisor/local-processes.js';
import { openControlSocket } from './control-socket.js';
import { refusal } from './plan-change.js';
import { TopologyChanges } from './topology-changes.js';

/** What changes the topology of the processes of this machine, for the API and for whoever may use its socket. */
export interface LocalControl {
  readonly changes: TopologyChanges;
  close(): void;
}

export async function controlOf(
  product: Product,
  processes: LocalProcesses,
  loaded: LoadedSettings,
): Promise<LocalControl> {
  const changes = new TopologyChanges({
    processes,
    partitionOf: (topology) => partitionOf(product, topology),
    // Read anew each time, so that one that was written since the start can be chosen too.
    topologies: () => readTopologies(product.components),
    obstacle: obstacleIn(loaded),
  });
  processes.controlledBy(changes);
  const close = await openControlSocket(settingsOf(DatabaseSettings, loaded).DATA_DIR, changes);
  return { changes, close };
}

/** The processes of a topology of config/topology.yaml. @throws ContextError topology_not_changed */
export function partitionOf(product: Product, topology: string): readonly DescribedProcess[] {
  const errors: string[] = [];
  const partition = readTopology(topology, product.components, errors);
  if (!partition || errors.length > 0) throw refusal(errors.join('; '));
  return partition.processes;
}

/** What keeps the processes from learning where others are, or from receiving what these publish. */
function obstacleIn(loaded: LoadedSettings): string | undefined {
  const { EVENT_BUS } = settingsOf(MessagingSettings, loaded);
  if (EVENT_BUS === 'local') {
    return 'EVENT_BUS: local reaches one process alone; expected another one, or none, for processes that change';
  }
  const { DISCOVERY } = settingsOf(DiscoverySettings, loaded);
  if (DISCOVERY === 'static') return undefined;
  return `DISCOVERY: ${DISCOVERY} says where processes are, and it is not changed from here; expected static`;
}
