import { parse } from 'yaml';
import { z } from 'zod';
import { type DescribedProcess, type DescribedTopology, MONOLITH } from './description.js';

export const TOPOLOGY_FILE = 'config/topology.yaml';

// Where a process is on a plain machine does not matter here: containers have addresses of their own.
const Hosts = z.array(z.string(), 'expected a list of contexts').min(1, 'hosts nothing');
const Process = z.union([Hosts, z.looseObject({ hosts: Hosts }).transform(({ hosts }) => hosts)], {
  error: 'expected a list of contexts, or a map with that list in hosts',
});
const NAME = /^[a-z][a-z0-9-]*$/;
const TopologyFile = z.record(
  z.string().regex(NAME, 'expected a name of small letters, digits and -'),
  z.record(
    z.string().regex(NAME, 'expected a name of small letters, digits and -'),
    Process,
    'expected processes by name',
  ),
  'expected topologies by name',
);

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
  const described = Object.entries(readFile(text, errors)).filter(([name]) => name !== MONOLITH);
  const others = described.map(([name, parts]) => {
    const processes = Object.entries(parts).map(([process, hosts]) => ({ name: process, hosts }));
    errors.push(
      ...partitionErrors(processes, components).map((error) => `${TOPOLOGY_FILE}: ${name}: ${error}`),
    );
    const position = ({ hosts }: DescribedProcess) =>
      Math.min(...hosts.map((host) => components.indexOf(host)));
    return { name, processes: processes.sort((one, other) => position(one) - position(other)) };
  });
  return [monolith, ...others];
}

function readFile(text: string | undefined, errors: string[]): z.output<typeof TopologyFile> {
  let content: unknown;
  try {
    content = parse(text ?? '');
  } catch {
    errors.push(`${TOPOLOGY_FILE}: not readable YAML`);
    return {};
  }
  const result = TopologyFile.safeParse(content ?? {});
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) {
    errors.push(`${[`${TOPOLOGY_FILE}:`, path.join('.')].join(' ')}: ${message}`);
  }
  return {};
}

/** A topology hosts each component once: none is unknown, forgotten or in two places. */
function partitionErrors(processes: readonly DescribedProcess[], components: readonly string[]): string[] {
  const unknown = processes.flatMap(({ name, hosts }) =>
    hosts
      .filter((host) => !components.includes(host))
      .map((host) => `${name} hosts ${host}, which is unknown; expected ${components.join(', ')}`),
  );
  const counts = components.map((host) => ({
    host,
    by: processes.flatMap(({ name, hosts }) => hosts.filter((each) => each === host).map(() => name)),
  }));
  const twice = counts
    .filter(({ by }) => by.length > 1)
    .map(({ host, by }) => `${host} is hosted more than once, by ${by.join(' and ')}`);
  const forgotten = counts.filter(({ by }) => by.length === 0).map(({ host }) => `nothing hosts ${host}`);
  return [...unknown, ...twice, ...forgotten];
}
