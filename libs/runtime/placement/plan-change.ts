import { type Component, ContextError, type DescribedProcess, GATEWAY } from '@fissile/kit/contract';
import type { PlacementState, PlannedProcess } from '@fissile/kit/rpc';

/** Two free ports of this machine, for an instance that is about to start. */
const ANY_PLACE = { address: '127.0.0.1', httpPort: 0, rpcPort: 0 };

type Hosting = Pick<PlannedProcess, 'name' | 'hosts'>;

/** What a process loses and gains by a change. */
export interface ProcessChange {
  readonly name: string;
  readonly contexts: readonly Component[];
}

/** What has to be done for one state of the placement to follow another. */
export interface ChangePlan {
  readonly target: PlacementState;
  /** What starts: of a process that stays, its new instances alone. */
  readonly added: readonly PlannedProcess[];
  /** What stops, likewise. */
  readonly removed: readonly PlannedProcess[];
  readonly gains: readonly ProcessChange[];
  readonly losses: readonly ProcessChange[];
}

/**
 * The state after one context has moved. A process that hosts nothing any more goes.
 * @param to the name of a process, or `own`
 * @throws ContextError topology_not_changed
 */
export function afterMove(state: PlacementState, context: string, to: string): PlacementState {
  const from = state.processes.find(({ hosts }) => hosts.includes(context));
  if (!from || context === GATEWAY)
    throw refusal(`context: ${context} is none that can move; ${knownContexts(state)}`);
  if (to === 'own') return afterMoveToOwn(state, from, context);
  const target = state.processes.find(
    ({ name, hosts }) => name === to || (to === GATEWAY && hosts.includes(to)),
  );
  if (!target) {
    throw refusal(`to: there is no process ${to}; expected own, or one of ${namesOf(state).join(', ')}`);
  }
  if (target === from) throw refusal(`to: ${context} is hosted by ${from.name} already`);
  if (!mayHost(target, context)) {
    throw refusal(
      `to: ${target.name} was started without the code of ${context}; set STANDBY=${context} for the start, or expect own`,
    );
  }
  const processes = state.processes.map((process) => {
    if (process === from) return without(process, [context]);
    return process === target ? withOneMore(process, context) : process;
  });
  return next(state, processes);
}

function afterMoveToOwn(state: PlacementState, from: PlannedProcess, context: string): PlacementState {
  if (from.hosts.length === 1) throw refusal(`to: ${context} has a process of its own already, ${from.name}`);
  const own = { name: unusedName(context, state), hosts: [context], endpoints: [ANY_PLACE] };
  const processes = state.processes.map((process) =>
    process === from ? without(process, [context]) : process,
  );
  return next(state, [...processes, own]);
}

/**
 * The state with so many instances of a process.
 * @throws ContextError topology_not_changed
 */
export function afterScale(state: PlacementState, name: string, instances: number): PlacementState {
  const process = processNamed(state, name);
  if (hostsEdge(process)) {
    throw refusal(`process: ${name} has the port of the product, and one instance; expected another process`);
  }
  return next(state, replaced(state, withInstances(process, instances)));
}

/**
 * The state with new instances in place of those of a process.
 * @throws ContextError topology_not_changed
 */
export function afterRestart(state: PlacementState, name: string): PlacementState {
  const process = processNamed(state, name);
  return next(state, replaced(state, { ...process, endpoints: process.endpoints.map(() => ANY_PLACE) }));
}

/** @throws ContextError topology_not_changed when there is none of that name */
export function processNamed(state: PlacementState, name: string): PlannedProcess {
  const found = state.processes.find((process) => process.name === name);
  if (found) return found;
  throw refusal(`process: there is no process ${name}; expected one of ${namesOf(state).join(', ')}`);
}

/** Whether it has the port of the product. */
export function hostsEdge({ hosts }: Pick<PlannedProcess, 'hosts'>): boolean {
  return hosts.includes(GATEWAY);
}

function replaced({ processes }: PlacementState, by: PlannedProcess): PlannedProcess[] {
  return processes.map((process) => (process.name === by.name ? by : process));
}

function withInstances(process: PlannedProcess, instances: number): PlannedProcess {
  const kept = process.endpoints.slice(0, instances);
  const more = Array.from({ length: instances - kept.length }, () => ANY_PLACE);
  return { ...process, endpoints: [...kept, ...more] };
}

/**
 * The state in which the processes host what a topology says. The process that hosts the gateway stays, and so does each that
 * hosts the same as one of the topology; others are replaced.
 * @throws ContextError topology_not_changed
 */
export function afterApply(
  state: PlacementState,
  topology: string,
  partition: readonly DescribedProcess[],
): PlacementState {
  const edge = state.processes.find(hostsEdge) as PlannedProcess;
  const taken = new Set<string>();
  const processes = partition.map(({ name, hosts, instances = 1 }): PlannedProcess => {
    if (hostsEdge({ hosts })) {
      if (instances > 1)
        throw refusal(`topology: ${topology} has several instances of ${name}; expected one`);
      return { ...edge, hosts, standby: withLosses(edge, hosts) };
    }
    const same = state.processes.find((process) => isSame(process.hosts, hosts));
    const chosen = same ?? { name: unusedName(name, state, taken), hosts, endpoints: [] };
    taken.add(chosen.name);
    return withInstances(chosen, instances);
  });
  const target = processes.find(hostsEdge);
  const missing = target?.hosts.filter((component) => !mayHost(edge, component)) ?? [];
  if (missing.length > 0) {
    throw refusal(
      `topology: ${edge.name} was started without the code of ${missing.join(', ')}; set STANDBY=${missing.join(',')} for the start`,
    );
  }
  return { topology, version: state.version + 1, processes };
}

/** What leads from one state to the other; the processes of both have the same names. */
export function planChange(from: PlacementState, target: PlacementState): ChangePlan {
  const before = new Map(from.processes.map((process) => [process.name, process]));
  const after = new Map(target.processes.map((process) => [process.name, process]));
  const staying = target.processes.filter(({ name }) => before.has(name));
  return {
    target,
    added: instancesMissingIn(before, target.processes),
    removed: instancesMissingIn(after, from.processes),
    gains: differences(staying, (name) => before.get(name)),
    losses: differences(
      from.processes.filter(({ name }) => after.has(name)),
      (name) => after.get(name),
    ),
  };
}

/** The instances of these processes that the others have not: each process with those alone. */
function instancesMissingIn(
  others: ReadonlyMap<string, PlannedProcess>,
  processes: readonly PlannedProcess[],
): PlannedProcess[] {
  return processes
    .map((process) => {
      const known = new Set(others.get(process.name)?.endpoints.map(({ httpPort }) => httpPort));
      return { ...process, endpoints: process.endpoints.filter(({ httpPort }) => !known.has(httpPort)) };
    })
    .filter(({ endpoints }) => endpoints.length > 0);
}

/** What these processes host that the others of their names do not. */
export function differences(
  processes: readonly Hosting[],
  otherOf: (name: string) => Hosting | undefined,
): ProcessChange[] {
  return processes
    .map(({ name, hosts }) => ({
      name,
      contexts: hosts.filter((context) => !otherOf(name)?.hosts.includes(context)),
    }))
    .filter(({ contexts }) => contexts.length > 0);
}

function next(state: PlacementState, processes: readonly PlannedProcess[]): PlacementState {
  return {
    topology: state.topology,
    version: state.version + 1,
    processes: processes.filter(({ hosts }) => hosts.length > 0),
  };
}

function withOneMore(process: PlannedProcess, context: Component): PlannedProcess {
  const hosts = [...process.hosts, context];
  return { ...process, hosts, standby: withLosses(process, hosts) };
}

/** The code of what it loses stays loaded. */
export function without(process: PlannedProcess, contexts: readonly Component[]): PlannedProcess {
  const hosts = process.hosts.filter((host) => !contexts.includes(host));
  return { ...process, hosts, standby: withLosses(process, hosts) };
}

function withLosses({ hosts, standby = [] }: PlannedProcess, remaining: readonly Component[]): Component[] {
  return [...new Set([...hosts, ...standby])].filter((component) => !remaining.includes(component));
}

function mayHost({ hosts, standby = [] }: PlannedProcess, component: Component): boolean {
  return hosts.includes(component) || standby.includes(component);
}

function unusedName(wanted: string, state: PlacementState, taken: ReadonlySet<string> = new Set()): string {
  const used = new Set([...namesOf(state), ...taken]);
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!used.has(name)) return name;
  }
}

function namesOf({ processes }: PlacementState): string[] {
  return processes.map(({ name }) => name);
}

function knownContexts({ processes }: PlacementState): string {
  const contexts = processes.flatMap(({ hosts }) => hosts).filter((host) => host !== GATEWAY);
  return `expected one of ${contexts.join(', ')}`;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}

export function refusal(message: string): ContextError {
  return ContextError.of('topology_not_changed', message);
}
