import { z } from 'zod';
import { type Component, type DescribedProcess, GATEWAY } from '@fissile/kit/contract';
import type { OwnProcess, Endpoint, PlannedProcess } from '@fissile/kit/rpc';
import { type Partition, readTopology } from './topology-file.js';

export interface PlanRequest {
  /** What the product has to host. */
  readonly components: readonly Component[];
  /** What the program that was started can host. */
  readonly available: readonly Component[];
  readonly TOPOLOGY: string | undefined;
  readonly HOSTS: readonly string[] | undefined;
  readonly STANDBY?: readonly string[] | undefined;
  readonly PLACEMENT?: string | undefined;
  readonly PROCESS_ADDRESSES: readonly string[];
  readonly INSTANCE?: number | undefined;
  readonly PORT: number;
  /** The folder that has config/topology.yaml; the working directory when absent. */
  readonly cwd?: string;
}

export interface ProcessPlan {
  readonly topology: string;
  /** Of the placement, where it has changed since the first start. */
  readonly version: number;
  readonly processes: readonly PlannedProcess[];
  /** The process to be; undefined when it takes several, which are to be started and watched. */
  readonly self: OwnProcess | undefined;
}

/** For STANDBY: everything. */
const ALL = 'all';

const PlacedEndpoint = z.object({ address: z.string(), httpPort: z.int(), rpcPort: z.int() });

const PlacementText = z
  .string()
  .transform((text, issues): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      issues.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(
    z.object({
      topology: z.string(),
      version: z.int(),
      processes: z.array(
        z.object({
          name: z.string(),
          hosts: z.array(z.string()),
          standby: z.array(z.string()).default([]),
          endpoints: z.array(PlacedEndpoint),
        }),
      ),
    }),
  );

const THIS_MACHINE = '127.0.0.1';
const RPC_PORTS_ABOVE = 100;

/**
 * Works out what this program is to be: a whole topology, or one process of it.
 * @param faults gets a line for each setting, or entry of the topology's file, that is wrong
 */
export function planProcess(request: PlanRequest, errors: string[]): ProcessPlan | undefined {
  if (request.PLACEMENT !== undefined) return placedProcess(request, request.PLACEMENT, errors);
  const errorsBefore = errors.length;
  const isWhole = request.available.length === request.components.length;
  const startsAlone = request.HOSTS !== undefined || !isWhole;
  const topology = request.TOPOLOGY ?? (startsAlone ? 'split' : 'monolith');
  const partition = readTopology(topology, request.components, errors, request.cwd);
  const hosts = startsAlone ? hostsOf(request, errors) : undefined;
  if (!partition || errors.length > errorsBefore) return undefined;
  const planned = withStandby(planEndpoints(partition, request, errors), request, errors);
  if (!hosts) return { topology, version: 0, processes: planned, self: soleProcess(planned) };
  const found = planned.find((process) => isSameSet(process.hosts, hosts));
  if (found) return { topology, version: 0, processes: planned, self: ownProcess(found, request, errors) };
  if (request.TOPOLOGY === undefined) return apart(hosts, planned);
  const known = partition.processes.map((process) => process.hosts.join(',')).join(' or ');
  errors.push(
    `${request.HOSTS ? 'HOSTS' : 'TOPOLOGY'}: no process of ${topology} hosts ${hosts.join(',')}; it has ${known}`,
  );
  return undefined;
}

/** The process of a placement that the supervisor has told. */
function placedProcess(request: PlanRequest, text: string, errors: string[]): ProcessPlan | undefined {
  const parsed = PlacementText.safeParse(text);
  if (!parsed.success) {
    errors.push('PLACEMENT: expected what a supervisor gives to the processes that it starts');
    return undefined;
  }
  const { processes } = parsed.data;
  const hosts = hostsOf(request, errors);
  const found = processes.find((process) => isSameSet(process.hosts, hosts));
  if (found) return { ...parsed.data, self: ownProcess(found, request, errors) };
  errors.push(`HOSTS: no process of PLACEMENT hosts ${hosts.join(',')}`);
  return undefined;
}

/** What the process that hosts the gateway can take over while it runs. */
function withStandby(
  processes: readonly PlannedProcess[],
  { STANDBY = [], HOSTS, components }: PlanRequest,
  errors: string[],
): readonly PlannedProcess[] {
  if (STANDBY.length === 0) return processes;
  const unknown = STANDBY.filter((name) => name !== ALL && !components.includes(name));
  for (const name of unknown)
    errors.push(`STANDBY: ${name} is unknown; expected ${ALL}, or some of ${components.join(', ')}`);
  if (HOSTS && !HOSTS.includes(GATEWAY)) {
    errors.push(
      `STANDBY: expected only for the process that hosts the ${GATEWAY}, since contexts move to that one alone`,
    );
  }
  const wanted = STANDBY.includes(ALL) ? components : STANDBY;
  return processes.map((process) => {
    if (!process.hosts.includes(GATEWAY)) return process;
    return { ...process, standby: wanted.filter((name) => !process.hosts.includes(name)) };
  });
}

/** Several processes, or several instances of one, are started and watched. */
function soleProcess([process, ...others]: readonly PlannedProcess[]): OwnProcess | undefined {
  if (!process || others.length > 0 || process.endpoints.length > 1) return undefined;
  return atEndpoint(process, process.endpoints[0] as Endpoint);
}

/** Of several instances this is the one that INSTANCE names, counted from 1. */
function ownProcess(
  process: PlannedProcess,
  { INSTANCE = 1 }: PlanRequest,
  errors: string[],
): OwnProcess | undefined {
  const place = process.endpoints[INSTANCE - 1];
  if (place) return atEndpoint(process, place);
  errors.push(
    `INSTANCE: ${process.name} has ${process.endpoints.length}, and this is to be number ${INSTANCE}`,
  );
  return undefined;
}

function atEndpoint({ name, hosts, standby }: PlannedProcess, place: Endpoint): OwnProcess {
  return { name, hosts, ...(standby && { standby }), ...place };
}

function hostsOf({ HOSTS, available }: PlanRequest, errors: string[]): readonly Component[] {
  if (HOSTS === undefined) return available;
  for (const host of HOSTS) {
    if (available.includes(host)) continue;
    errors.push(`HOSTS: ${host} is unknown here; expected some of ${available.join(', ')}`);
  }
  if (HOSTS.length === 0) errors.push('HOSTS: expected at least one of what there is to host');
  if (new Set(HOSTS).size < HOSTS.length) errors.push('HOSTS: something is named twice');
  return HOSTS;
}

/** A process that no topology describes takes these out of split, and answers where the first of them would. */
function apart(hosts: readonly Component[], split: readonly PlannedProcess[]): ProcessPlan {
  const edge = split.find((process) => hosts.includes('gateway') && process.hosts.includes('gateway'));
  const first = edge ?? split.find((process) => process.hosts.includes(hosts[0] ?? ''));
  const [place] = (first as PlannedProcess).endpoints;
  const self = { name: hosts.join('-'), hosts, ...(place as Endpoint) };
  const others = split
    .map((process) => ({ ...process, hosts: process.hosts.filter((host) => !hosts.includes(host)) }))
    .filter((process) => process.hosts.length > 0);
  const own = { name: self.name, hosts, endpoints: [place as Endpoint] };
  return { topology: 'split', version: 0, processes: [own, ...others], self };
}

function planEndpoints(
  { topology, processes }: Partition,
  { PORT, PROCESS_ADDRESSES }: PlanRequest,
  errors: string[],
): PlannedProcess[] {
  const given = readAddresses(PROCESS_ADDRESSES, processes, topology, errors);
  let further = processes.length;
  const planned = processes.map((process, index) => {
    const { name, hosts, instances = 1 } = process;
    const first = endpointOf(process, index + 1, PORT);
    const copies = Array.from({ length: instances - 1 }, () => endpointOfCopy(first, (further += 1), PORT));
    return { name, hosts, endpoints: given.get(name) ?? [first, ...copies] };
  });
  errors.push(...portErrors(planned.filter(({ name }) => !given.has(name)).flatMap(portsOf), topology));
  return planned;
}

/** The public API is at PORT; the others are counted up from it. Port 0 stays 0: someone else must choose. */
function endpointOf(process: DescribedProcess, position: number, port: number): Endpoint {
  const isEdge = process.hosts.includes('gateway');
  return {
    address: process.address ?? THIS_MACHINE,
    httpPort: process.http ?? (isEdge || port === 0 ? port : port + position),
    rpcPort: process.rpc ?? (port === 0 ? 0 : port + RPC_PORTS_ABOVE + position),
  };
}

/** Further copies of a process are counted up after all processes. */
function endpointOfCopy({ address }: Endpoint, position: number, port: number): Endpoint {
  if (port === 0) return { address, httpPort: 0, rpcPort: 0 };
  return { address, httpPort: port + position, rpcPort: port + RPC_PORTS_ABOVE + position };
}

const ADDRESS = /^([a-z][a-z0-9-]*)=([^:=]+):(\d{1,5}):(\d{1,5})$/;

function readAddresses(
  entries: readonly string[],
  processes: readonly DescribedProcess[],
  topology: string,
  errors: string[],
): Map<string, Endpoint[]> {
  const found = new Map<string, Endpoint[]>();
  for (const entry of entries) {
    const [, name, address, http, rpc] = ADDRESS.exec(entry) ?? [];
    const ports = [Number(http), Number(rpc)] as const;
    if (name === undefined || address === undefined || !ports.every((port) => port >= 1 && port <= 65_535)) {
      errors.push(`PROCESS_ADDRESSES: expected name=host:httpPort:rpcPort, and one is something else`);
    } else if (!processes.some((process) => process.name === name)) {
      const known = processes.map((process) => process.name).join(', ');
      errors.push(`PROCESS_ADDRESSES: ${topology} has no process ${name}; it has ${known}`);
    } else {
      const place = { address, httpPort: ports[0], rpcPort: ports[1] };
      found.set(name, [...(found.get(name) ?? []), place]);
    }
  }
  return found;
}

interface UsedPort {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

function portsOf({ name, endpoints }: PlannedProcess): UsedPort[] {
  return endpoints.flatMap(({ address, httpPort, rpcPort }) =>
    [httpPort, rpcPort].filter((port) => port !== 0).map((port) => ({ name, address, port })),
  );
}

function portErrors(ports: readonly UsedPort[], topology: string): string[] {
  const inFile = `config/topology.yaml: ${topology}`;
  const byPlace = Map.groupBy(ports, ({ address, port }) => `${address}:${port}`);
  const reused = [...byPlace]
    .filter(([, users]) => users.length > 1)
    .map(([place, users]) => `${inFile}: ${place} is used by ${users.map(({ name }) => name).join(' and ')}`);
  const tooHigh = ports
    .filter(({ port }) => port > 65_535)
    .map(
      ({ name, port }) => `${inFile}: the ports of ${name} are counted up from PORT to ${port}, above 65535`,
    );
  return [...reused, ...tooHigh];
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}
