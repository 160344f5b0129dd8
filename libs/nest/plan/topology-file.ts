import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { Component } from '@fissile/kit/contract';

const FILE = 'config/topology.yaml';

const MOST_INSTANCES = 20;
const SOME = `expected a number from 1 to ${MOST_INSTANCES}`;
const NOT_SAID = { address: undefined, http: undefined, rpc: undefined, instances: undefined };

const Port = z.int('expected a port').min(1, 'expected a port').max(65_535, 'expected a port');
const Hosts = z.array(z.string(), 'expected a list of contexts').min(1, 'hosts nothing');
const Process = z.union(
  [
    Hosts.transform((hosts) => ({ hosts, ...NOT_SAID })),
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
const TopologyFile = z.record(
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

export interface Partition {
  readonly topology: string;
  readonly processes: readonly DescribedProcess[];
}

const MONOLITH = 'monolith';

/**
 * Reads one topology of config/topology.yaml. `monolith` needs no file.
 * @param components what there is to host, all of which a topology hosts once
 * @param faults gets a line for each thing that is wrong with it
 */
export function readTopology(
  name: string,
  components: readonly Component[],
  errors: string[],
  cwd = process.cwd(),
): Partition | undefined {
  if (name === MONOLITH) {
    return { topology: MONOLITH, processes: [{ name: MONOLITH, hosts: components, ...NOT_SAID }] };
  }
  const file = readFile(cwd, errors);
  if (!file) return undefined;
  const described = file[name];
  if (described === undefined) {
    const known = [MONOLITH, ...Object.keys(file)].join(', ');
    errors.push(`TOPOLOGY: there is no ${name} in ${FILE}; expected one of ${known}`);
    return undefined;
  }
  const processes = Object.entries(described).map(([processName, parts]) => ({
    name: processName,
    ...parts,
  }));
  errors.push(...partitionErrors(processes, components).map((error) => `${FILE}: ${name}: ${error}`));
  return { topology: name, processes: processes as unknown as DescribedProcess[] };
}

function readFile(cwd: string, errors: string[]): z.output<typeof TopologyFile> | undefined {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(join(cwd, FILE), 'utf8'));
  } catch (error) {
    const reason =
      (error as { code?: string }).code === 'ENOENT' ? 'there is no such file' : 'not readable YAML';
    errors.push(`${FILE}: ${reason}`);
    return undefined;
  }
  const result = TopologyFile.safeParse(content ?? {});
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) errors.push(`${FILE}: ${path.join('.')}: ${message}`);
  return undefined;
}

/** A partition hosts each thing once: none is unknown, forgotten or in two places. */
function partitionErrors(
  processes: readonly { name: string; hosts: readonly string[] }[],
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
  return [...unknown, ...twice, ...forgotten];
}
