import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ANYWHERE,
  type Component,
  type DescribedProcess,
  type DescribedTopologies,
  MONOLITH,
  parseTopologies,
  partitionErrors,
  TOPOLOGY_FILE,
} from '@fissile/kit/contract';

export interface Partition {
  readonly topology: string;
  readonly processes: readonly DescribedProcess[];
}

/**
 * Reads one topology of config/topology.yaml. `monolith` needs no file.
 * @param components what there is to host, all of which a topology hosts once
 * @param errors gets a line for each thing that is wrong with it
 */
export function readTopology(
  name: string,
  components: readonly Component[],
  errors: string[],
  cwd = process.cwd(),
): Partition | undefined {
  if (name === MONOLITH) return { topology: MONOLITH, processes: monolithOf(components) };
  const topologies = readFile(cwd, errors);
  if (!topologies) return undefined;
  const processes = topologies.get(name);
  if (processes === undefined) {
    const known = [MONOLITH, ...topologies.keys()].join(', ');
    errors.push(`TOPOLOGY: there is no ${name} in ${TOPOLOGY_FILE}; expected one of ${known}`);
    return undefined;
  }
  errors.push(...partitionErrors(name, processes, components));
  return { topology: name, processes };
}

/** `monolith`, and those of config/topology.yaml that nothing is wrong with, each with its processes. */
export function readTopologies(components: readonly Component[], cwd = process.cwd()): DescribedTopologies {
  const topologies = new Map([[MONOLITH, monolithOf(components)]]);
  for (const [name, processes] of readFile(cwd, []) ?? []) {
    if (name === MONOLITH || partitionErrors(name, processes, components).length > 0) continue;
    topologies.set(name, processes);
  }
  return topologies;
}

function monolithOf(components: readonly Component[]): readonly DescribedProcess[] {
  return [{ name: MONOLITH, hosts: components, ...ANYWHERE }];
}

function readFile(cwd: string, errors: string[]): DescribedTopologies | undefined {
  let text: string;
  try {
    text = readFileSync(join(cwd, TOPOLOGY_FILE), 'utf8');
  } catch (error) {
    const isMissing = (error as { code?: string }).code === 'ENOENT';
    errors.push(`${TOPOLOGY_FILE}: ${isMissing ? 'there is no such file' : 'not readable YAML'}`);
    return undefined;
  }
  return parseTopologies(text, errors);
}
