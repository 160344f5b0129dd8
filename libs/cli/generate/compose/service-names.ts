import { MONOLITH } from '@fissile/kit/contract';
import {
  type DeploymentDescription,
  type DescribedTopology,
  SPLIT,
  topologiesNamed,
} from '../description.js';

/** The service that runs a process; those of other topologies are told apart by the topology's name. */
export function serviceName(topology: DescribedTopology, process: string): string {
  return [MONOLITH, SPLIT].includes(topology.name) ? process : `${topology.name}-${process}`;
}

/** The services that run processes, of all topologies that Compose offers. */
export function processServiceNames(description: DeploymentDescription): string[] {
  return topologiesNamed(description, description.compose?.topologies ?? []).flatMap((topology) =>
    topology.processes.map(({ name }) => serviceName(topology, name)),
  );
}

export function composeServiceNames(description: DeploymentDescription): string[] {
  const { compose } = description;
  if (!compose) return [];
  return [...processServiceNames(description), 'postgres', ...compose.services];
}
