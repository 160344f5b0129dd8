import {
  type DescribedProcess,
  MONOLITH,
  parseTopologies,
  partitionErrors,
  TOPOLOGY_FILE,
} from '@fissile/kit/contract';
import { CommandError } from '../command-error.js';
import type { DescribedTopology } from './description.js';

/** Images, overlays and Compose profiles are called by the names of topologies. */
const NAME = /^[a-z][a-z0-9-]*$/;

/**
 * All topologies, `monolith` first, each with its processes in the order of what they host.
 * @param text the content of config/topology.yaml; undefined when there is no such file
 * @param components what each topology has to host
 * @param errors gets a line for each thing that is wrong
 */
export function readTopologies(
  text: string | undefined,
  components: readonly string[],
  errors: string[],
): DescribedTopology[] {
  const monolith = { name: MONOLITH, processes: [{ name: MONOLITH, hosts: components }] };
  const described = [...(parseTopologies(text ?? '', errors) ?? [])].filter(([name]) => name !== MONOLITH);
  const others = described.map(([name, processes]) => {
    if (!NAME.test(name)) {
      errors.push(`${TOPOLOGY_FILE}: ${name}: expected a name of small letters, digits and -`);
    }
    errors.push(...partitionErrors(name, processes, components));
    const position = ({ hosts }: DescribedProcess) =>
      Math.min(...hosts.map((host) => components.indexOf(host)));
    return { name, processes: processes.toSorted((one, other) => position(one) - position(other)) };
  });
  return [monolith, ...others];
}

/**
 * The one that `--topology` names.
 * @throws CommandError with those that there are
 */
export function chosenTopology(topologies: readonly DescribedTopology[], name: string): DescribedTopology {
  const chosen = topologies.find((topology) => topology.name === name);
  if (chosen) return chosen;
  const names = topologies.map((topology) => topology.name).join(', ');
  throw new CommandError(`--topology: there is no ${name}; there is ${names}`);
}
