import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Component,
  type DescribedTopologies,
  parseTopologies,
  partitionErrors,
  TOPOLOGY_FILE,
} from '@fissile/kit/contract';
import { CommandError } from '../command-error.js';
import type { Partition } from './placements.js';

/**
 * The topologies of the file, or else of config/topology.yaml of this folder, where there is one.
 * @throws CommandError for a file that is named and cannot be read, or one that does not fit the product
 */
export function declaredTopologies(
  file: string | undefined,
  components: readonly Component[],
): ReadonlyMap<string, Partition> {
  const path = file ?? join(process.cwd(), TOPOLOGY_FILE);
  if (!existsSync(path)) {
    if (file !== undefined) throw new CommandError(`--topologies: ${file} does not exist`);
    return new Map();
  }
  const errors: string[] = [];
  const topologies: DescribedTopologies = parseTopologies(readFileSync(path, 'utf8'), errors) ?? new Map();
  for (const [name, processes] of topologies) errors.push(...partitionErrors(name, processes, components));
  if (errors.length > 0) throw new CommandError(errors.join('\n'));
  return new Map([...topologies].map(([name, processes]) => [name, processes.map(({ hosts }) => hosts)]));
}
