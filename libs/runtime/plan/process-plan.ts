import type { Component } from '@fissile/kit/contract';
import type { OwnProcess, Place, PlacedProcess } from '@fissile/kit/rpc';
import { type DescribedProcess, type Partition, readTopology } from './topology-file.js';

export interface PlanRequest {
  /** What the product has to host. */
  readonly components: readonly Component[];
  /** What the program that was started can host. */
  readonly available: readonly Component[];
  readonly TOPOLOGY: string | undefined;
  readonly HOSTS: readonly string[] | undefined;
  readonly PROCESS_ADDRESSES: readonly string[];
  readonly INSTANCE?: number | undefined;
  readonly PORT: number;
  /** The folder that has config/topology.yaml; the working directory when absent. */
  readonly cwd?: string;
}

export interface ProcessPlan {
  readonly topology: string;
  readonly processes: readonly PlacedProcess[];
  /** The process to be; undefined when it takes several, which are to be started and watched. */
  readonly self: OwnProcess | undefined;
}

const THIS_MACHINE = '127.0.0.1';
const RPC_PORTS_ABOVE = 100;

/**
 * Works out what this program is to be: a whole topology, or one process of it.
 * @param faults gets a line for each setting, or entry of the topology's file, that is wrong
 */
export function planProcess(request: PlanRequest, faults: string[]): ProcessPlan | undefined {
  const faultsBefore = faults.length;
  const isWhole = request.available.length === request.components.length;
  const startsAlone = request.HOSTS !== undefined || !isWhole;
  const topology = request.TOPOLOGY ?? (startsAlone ? 'split' : 'monolith');
  const partition = readTopology(topology, request.components, faults, request.cwd);
  const hosts = startsAlone ? hostsOf(request, faults) : undefined;
  if (!partition || faults.length > faultsBefore) return undefined;
  const placed = placeProcesses(partition, request, faults);
  if (!hosts) return { topology, processes: placed, self: soleProcess(placed) };
  const found = placed.find((process) => isSameSet(process.hosts, hosts));
  if (found) return { topology, processes: placed, self: ownProcess(found, request, faults) };
  if (request.TOPOLOGY === undefined) return apart(hosts, placed);
  const known = partition.processes.map((process) => process.hosts.join(',')).join(' or ');
  faults.push(
    `${request.HOSTS ? 'HOSTS' : 'TOPOLOGY'}: no process of ${topology} hosts ${hosts.join(',')}; it has ${known}`,
  );
  return undefined;
}

/** Several processes, or several instances of one, are started and watched. */
function soleProcess([process, ...others]: readonly PlacedProcess[]): OwnProcess | undefined {
  if (!process || others.length > 0 || process.places.length > 1) return undefined;
  return atPlace(process, process.places[0] as Place);
}

/** Of several instances this is the one that INSTANCE names, counted from 1. */
function ownProcess(
  process: PlacedProcess,
  { INSTANCE = 1 }: PlanRequest,
  faults: string[],
): OwnProcess | undefined {
  const place = process.places[INSTANCE - 1];
  if (place) return atPlace(process, place);
  faults.push(`INSTANCE: ${process.name} has ${process.places.length}, and this is to be number ${INSTANCE}`);
  return undefined;
}

function atPlace({ name, hosts }: PlacedProcess, place: Place): OwnProcess {
  return { name, hosts, ...place };
}

function hostsOf({ HOSTS, available }: PlanRequest, faults: string[]): readonly Component[] {
  if (HOSTS === undefined) return available;
  for (const host of HOSTS) {
    if (available.includes(host)) continue;
    faults.push(`HOSTS: ${host} is unknown here; expected some of ${available.join(', ')}`);
  }
  if (HOSTS.length === 0) faults.push('HOSTS: expected at least one of what there is to host');
  if (new Set(HOSTS).size < HOSTS.length) faults.push('HOSTS: something is named twice');
  return HOSTS;
}

/** A process that no topology describes takes these out of split, and answers where the first of them would. */
function apart(hosts: readonly Component[], split: readonly PlacedProcess[]): ProcessPlan {
  const edge = split.find((process) => hosts.includes('gateway') && process.hosts.includes('gateway'));
  const first = edge ?? split.find((process) => process.hosts.includes(hosts[0] ?? ''));
  const [place] = (first as PlacedProcess).places;
  const self = { name: hosts.join('-'), hosts, ...(place as Place) };
  const others = split
    .map((process) => ({ ...process, hosts: process.hosts.filter((host) => !hosts.includes(host)) }))
    .filter((process) => process.hosts.length > 0);
  const own = { name: self.name, hosts, places: [place as Place] };
  return { topology: 'split', processes: [own, ...others], self };
}

function placeProcesses(
  { topology, processes }: Partition,
  { PORT, PROCESS_ADDRESSES }: PlanRequest,
  faults: string[],
): PlacedProcess[] {
  const given = readAddresses(PROCESS_ADDRESSES, processes, topology, faults);
  let further = processes.length;
  const placed = processes.map((process, index) => {
    const { name, hosts, instances = 1 } = process;
    const first = placeOf(process, index + 1, PORT);
    const copies = Array.from({ length: instances - 1 }, () => placeOfCopy(first, (further += 1), PORT));
    return { name, hosts, places: given.get(name) ?? [first, ...copies] };
  });
  faults.push(...portFaults(placed.filter(({ name }) => !given.has(name)).flatMap(portsOf), topology));
  return placed;
}

/** The public API is at PORT; the others are counted up from it. Port 0 stays 0: someone else must choose. */
function placeOf(process: DescribedProcess, position: number, port: number): Place {
  const isEdge = process.hosts.includes('gateway');
  return {
    address: process.address ?? THIS_MACHINE,
    httpPort: process.http ?? (isEdge || port === 0 ? port : port + position),
    rpcPort: process.rpc ?? (port === 0 ? 0 : port + RPC_PORTS_ABOVE + position),
  };
}

/** Further copies of a process are counted up after all processes. */
function placeOfCopy({ address }: Place, position: number, port: number): Place {
  if (port === 0) return { address, httpPort: 0, rpcPort: 0 };
  return { address, httpPort: port + position, rpcPort: port + RPC_PORTS_ABOVE + position };
}

const ADDRESS = /^([a-z][a-z0-9-]*)=([^:=]+):(\d{1,5}):(\d{1,5})$/;

function readAddresses(
  entries: readonly string[],
  processes: readonly DescribedProcess[],
  topology: string,
  faults: string[],
): Map<string, Place[]> {
  const found = new Map<string, Place[]>();
  for (const entry of entries) {
    const [, name, address, http, rpc] = ADDRESS.exec(entry) ?? [];
    const ports = [Number(http), Number(rpc)] as const;
    if (name === undefined || address === undefined || !ports.every((port) => port >= 1 && port <= 65_535)) {
      faults.push(`PROCESS_ADDRESSES: expected name=host:httpPort:rpcPort, and one is something else`);
    } else if (!processes.some((process) => process.name === name)) {
      const known = processes.map((process) => process.name).join(', ');
      faults.push(`PROCESS_ADDRESSES: ${topology} has no process ${name}; it has ${known}`);
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

function portsOf({ name, places }: PlacedProcess): UsedPort[] {
  return places.flatMap(({ address, httpPort, rpcPort }) =>
    [httpPort, rpcPort].filter((port) => port !== 0).map((port) => ({ name, address, port })),
  );
}

function portFaults(ports: readonly UsedPort[], topology: string): string[] {
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
