import { type DescribedProcess, type DescribedTopologies, GATEWAY } from '@fissile/kit/contract';
import type { ControlView, TopologyRequest } from '@fissile/kit/operations';
import type { PlacementState, PlannedProcess } from '@fissile/kit/rpc';
import { afterMove, hostsEdge, refusal } from '../plan-change.js';
import { choiceOf } from '../topology-choice.js';
import { beginning, gainsBetween, lackOfCode } from './advance.js';
import {
  isUnderWay,
  membersOf,
  type StoredMember,
  type StoredPlacement,
  type StoredProcess,
  type StoredState,
} from './stored-placement.js';

export interface PlanOptions {
  /** The processes of a topology of config/topology.yaml. @throws ContextError topology_not_changed */
  readonly partitionOf: (topology: string) => readonly DescribedProcess[];
  readonly startMs: number;
  readonly now: Date;
}

/**
 * What is to be stored so that a request is carried out.
 * @throws ContextError topology_not_changed with what is wrong
 */
export function planRequest(
  stored: StoredPlacement,
  members: readonly StoredMember[],
  request: TopologyRequest,
  options: PlanOptions,
): StoredPlacement {
  switch (request.action) {
    case 'move': {
      refuseWhileUnderWay(stored);
      const { context, to } = request;
      return planned(
        stored,
        members,
        options,
        `move ${context} to ${to}`,
        movedState(stored, members, context, to),
      );
    }
    case 'apply': {
      refuseWhileUnderWay(stored);
      const { topology } = request;
      const target = appliedState(stored, topology, options.partitionOf(topology));
      return planned(stored, members, options, `apply ${topology}`, target);
    }
    case 'roll-back':
      return rollBack(stored, members, options);
    case 'show':
      return stored;
    default:
      throw refusal(
        `process: something else starts ${request.process}; expected ${request.action} where that is done, such as kubectl`,
      );
  }
}

function rollBack(
  stored: StoredPlacement,
  members: readonly StoredMember[],
  options: PlanOptions,
): StoredPlacement {
  const { change } = stored;
  // Of a change that is on its way back already there is nothing more to ask.
  if (isUnderWay(change)) return { ...stored, change: { ...change, wantsBack: true } };
  if (change?.stage !== 'drained') throw refusal('There is no change to roll back');
  return planned(stored, members, options, `roll back ${change.what}`, change.from);
}

function planned(
  stored: StoredPlacement,
  members: readonly StoredMember[],
  options: PlanOptions,
  what: string,
  target: StoredState,
): StoredPlacement {
  if (!isGain(stored, members, target)) {
    throw refusal(`The processes host what they should after ${what} already`);
  }
  return beginning(stored, what, target, options);
}

/**
 * Whether a process hosts more then.
 * @throws ContextError topology_not_changed when one that runs has not the code
 */
function isGain(stored: StoredPlacement, members: readonly StoredMember[], target: StoredState): boolean {
  const gains = gainsBetween(stored.placement, target);
  for (const gain of gains) {
    for (const member of membersOf(members, gain.name)) {
      const lack = lackOfCode(gain, member);
      if (lack !== undefined) throw refusal(`to: ${lack}`);
    }
  }
  return gains.length > 0;
}

/** Which topologies can be applied to what is stored, once what they need is started, and which one that is. */
export function storedChoice(
  stored: StoredPlacement,
  members: readonly StoredMember[],
  topologies: DescribedTopologies,
): Pick<ControlView, 'topologies' | 'applied'> {
  return choiceOf(topologies, stored.placement.topology, (topology, partition) =>
    isGain(stored, members, appliedState(stored, topology, partition)),
  );
}

function movedState(
  { placement }: StoredPlacement,
  members: readonly StoredMember[],
  context: string,
  to: string,
): StoredState {
  const known = placement.processes.map((process) => withItsCode(process, members));
  if (to === 'own' && known.some(({ name, hosts }) => name === context && !hosts.includes(context))) {
    throw refusal(
      `to: there is a process ${context} that hosts something else; expected the name of a process`,
    );
  }
  const spare = to === 'own' ? [] : sparesIn(placement, members);
  return toStored(afterMove({ ...placement, processes: [...known, ...spare] }, context, to));
}

/** The processes of the topology by their names, but for the one with the port of the product, which keeps its name. */
function appliedState(
  { placement }: StoredPlacement,
  topology: string,
  partition: readonly DescribedProcess[],
): StoredState {
  const edge = placement.processes.find(hostsEdge) as StoredProcess;
  const processes = partition.map(({ name, hosts }) => ({
    name: hosts.includes(GATEWAY) ? edge.name : name,
    hosts: [...hosts],
    endpoints: [],
  }));
  const twice = processes.filter(({ name }) => name === edge.name).length > 1;
  if (twice)
    throw refusal(
      `topology: ${topology} has a process ${edge.name} without the ${GATEWAY}, which ${edge.name} hosts now`,
    );
  return { topology, version: placement.version + 1, processes };
}

/** Processes that run and host nothing: what has moved out of them, or is to move to them. */
export function sparesIn({ processes }: StoredState, members: readonly StoredMember[]): PlannedProcess[] {
  const names = new Set(members.map(({ process }) => process));
  for (const { name } of processes) names.delete(name);
  return [...names].sort().map((name) => withItsCode({ name, hosts: [], endpoints: [] }, members));
}

/** With all that the code is there for, in each of its instances. */
export function withItsCode(process: StoredProcess, members: readonly StoredMember[]): PlannedProcess {
  const [first, ...others] = membersOf(members, process.name);
  const code = first?.loaded.filter((context) => others.every(({ loaded }) => loaded.includes(context)));
  const standby = code?.filter((context) => !process.hosts.includes(context)) ?? process.standby ?? [];
  return { ...process, standby };
}

function toStored({ topology, version, processes }: PlacementState): StoredState {
  return {
    topology,
    version,
    processes: processes.map(({ name, hosts, standby = [] }) => ({
      name,
      hosts: [...hosts],
      standby: [...standby],
      endpoints: [],
    })),
  };
}

function refuseWhileUnderWay({ change }: StoredPlacement): void {
  if (isUnderWay(change)) throw refusal(`${change.what} is under way (${change.stage}); wait for its end`);
}
