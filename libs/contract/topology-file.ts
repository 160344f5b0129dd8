import { parse } from 'yaml';
import { z } from 'zod';
import type { Component } from './product.js';

/** In the folder of the product. It names topologies, each with its processes; `monolith` needs no entry. */
export const TOPOLOGY_FILE = 'config/topology.yaml';

/** The topology of one process that hosts everything. */
export const MONOLITH = 'monolith';

/** What a process that only lists its components leaves open. */
export const ANYWHERE = { address: undefined, http: undefined, rpc: undefined, instances: undefined };

const MOST_INSTANCES = 20;
const SOME = `expected a number from 1 to ${MOST_INSTANCES}`;

const Port = z.int('expected a port').min(1, 'expected a port').max(65_535, 'expected a port');
const Hosts = z.array(z.string(), 'expected a list of contexts').min(1, 'hosts nothing');
const Process = z.union(
  [
    Hosts.transform((hosts) => ({ hosts, ...ANYWHERE })),
    z.strictObject({
      hosts: Hosts,
      address: z.string().min(1).optional(),
      http: Port.optional(),
      rpc: Port.optional(),
      instances: z.int(SOME).min(1, SOME).max(MOST_INSTANCES, SOME).optional(),
    }),
  ],
  { error: 'expected a list of contexts, or a map of hosts, address, http, rpc and instances' },
);
const Topologies = z.record(
  z.string(),
  z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a name of small letters, digits and -'),
    Process,
    'expected processes by name',
  ),
  'expected topologies by name',
);

export interface DescribedProcess {
  readonly name: string;
  readonly hosts: readonly Component[];
  readonly address: string | undefined;
  readonly http: number | undefined;
  readonly rpc: number | undefined;
  /** How many copies of it run; one when absent. */
  readonly instances: number | undefined;
}

/** The processes of each topology, in the order of the file. */
export type DescribedTopologies = ReadonlyMap<string, readonly DescribedProcess[]>;

/**
 * Parses the text of config/topology.yaml. Whether a topology hosts each component once is left to `partitionErrors`.
 * @param errors gets a line for each thing that is wrong; then nothing is returned
 */
export function parseTopologies(text: string, errors: string[]): DescribedTopologies | undefined {
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    errors.push(`${TOPOLOGY_FILE}: not readable YAML`);
    return undefined;
  }
  const result = Topologies.safeParse(content ?? {});
  if (!result.success) {
    errors.push(
      ...result.error.issues.map(({ path, message }) => `${TOPOLOGY_FILE}: ${path.join('.')}: ${message}`),
    );
    return undefined;
  }
  return new Map(
    Object.entries(result.data).map(([topology, processes]) => [
      topology,
      Object.entries(processes).map(([name, process]) => ({ name, ...process }) as DescribedProcess),
    ]),
  );
}

/**
 * A topology hosts each component once: none is unknown, forgotten or in two places.
 * @returns a line for each that is not
 */
export function partitionErrors(
  topology: string,
  processes: readonly Pick<DescribedProcess, 'name' | 'hosts'>[],
  components: readonly Component[],
): string[] {
  const hosted = processes.flatMap(({ name, hosts }) => hosts.map((host) => ({ name, host })));
  const unknown = hosted
    .filter(({ host }) => !components.includes(host))
    .map(({ name, host }) => `${name} hosts ${host}, which is unknown; expected ${components.join(', ')}`);
  const counts = components.map((host) => ({
    host,
    by: hosted.filter((entry) => entry.host === host).map(({ name }) => name),
  }));
  const forgotten = counts.filter(({ by }) => by.length === 0).map(({ host }) => `nothing hosts ${host}`);
  const twice = counts
    .filter(({ by }) => by.length > 1)
    .map(({ host, by }) => `${host} is hosted more than once, by ${by.join(' and ')}`);
  return [...unknown, ...twice, ...forgotten].map((error) => `${TOPOLOGY_FILE}: ${topology}: ${error}`);
}
