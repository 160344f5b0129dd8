import { Logger } from '@nestjs/common';
import { type DescribedTopologies, hasCode } from '@fissile/kit/contract';
import {
  type ControlView,
  type RunningProcessView,
  TopologyControl,
  type TopologyRequest,
} from '@fissile/kit/operations';
import type { Placement } from '@fissile/kit/rpc';
import { hostsEdge, refusal } from '../plan-change.js';
import { advance, waitingFor } from './advance.js';
import { planRequest, type PlanOptions, sparesIn, storedChoice, withItsCode } from './plan-stored-change.js';
import type { PlacementStore } from './placement-store.js';
import {
  isUnderWay,
  membersOf,
  NOTHING_STORED,
  type StoredMember,
  type StoredPlacement,
  type StoreView,
} from './stored-placement.js';

const TRIES = 3;
/** `setTimeout` takes no longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface StoreControlOptions extends Omit<PlanOptions, 'now'> {
  readonly store: Pick<PlacementStore, 'read' | 'write'>;
  readonly placement: Placement;
  /** What there is to apply. */
  readonly topologies: () => DescribedTopologies;
  /** Whether this process carries changes on: each does that has the port of the product. */
  readonly isEdge: boolean;
}

/**
 * Changes what processes host that something else starts. Nobody owns a change: what follows a state depends on what the store says
 * alone, every edge process writes it, and the store takes the first. So one that dies is missed by nobody.
 */
export class StoreControl extends TopologyControl {
  private readonly logger = new Logger('Topology');
  private seen: StoreView = NOTHING_STORED;
  private shown = '';
  private lost: string | undefined;
  private deadline: NodeJS.Timeout | undefined;

  constructor(private readonly options: StoreControlOptions) {
    super();
  }

  override async carryOut(request: TopologyRequest): Promise<ControlView> {
    if (request.action !== 'show') this.seen = await this.requested(request);
    return this.view();
  }

  /** What the store says has changed: carries the change on that is under way. */
  async take(view: StoreView): Promise<void> {
    this.seen = view;
    if (!this.options.isEdge) return;
    this.log(view.stored);
    this.wakeInTime(view);
    const next = this.nextOf(view);
    // The write of another, or a Consul that does not answer: what the store says next is looked at again.
    if (next) await this.options.store.write(next, view.index).catch(() => false);
  }

  lose(reason: string): void {
    this.lost = reason;
    this.logger.warn(`Consul does not answer (${reason}); the placement stays as it is`);
  }

  async findAgain(): Promise<void> {
    this.lost = undefined;
    this.logger.log('Consul answers again');
    await this.take(this.seen);
  }

  stop(): void {
    clearTimeout(this.deadline);
  }

  private async requested(request: TopologyRequest): Promise<StoreView> {
    const { store, ...options } = this.options;
    for (let count = 0; count < TRIES; count += 1) {
      try {
        const view = await store.read();
        if (!view.stored) break;
        const next = planRequest(view.stored, view.members, request, { ...options, now: new Date() });
        if (await store.write(next, view.index)) return { ...view, stored: next };
      } catch (error) {
        if (hasCode(error, 'topology_not_changed')) throw error;
        throw refusal(`Consul does not answer (${(error as Error).message}); the placement stays as it is`);
      }
    }
    throw refusal('Consul has no placement yet, or others change it; ask again');
  }

  private nextOf({ stored, members }: StoreView): StoredPlacement | undefined {
    const { placement } = this.options;
    if (!stored || stored.placement.version < placement.version) return this.restored(stored, members);
    return advance(stored, members, new Date());
  }

  /** For a store that is new, or has forgotten what runs: what runs. */
  private restored(
    stored: StoredPlacement | undefined,
    members: readonly StoredMember[],
  ): StoredPlacement | undefined {
    const { topology, version, processes } = this.options.placement;
    // Another one that carries changes on knows later.
    if (members.some((member) => member.version > version && hostsEdge({ hosts: member.loaded })))
      return undefined;
    if (version > 0)
      this.logger.warn(`Consul had forgotten version ${version} of the placement; it is stored again`);
    const versions = members.map((member) => member.version);
    const steps = members.map(({ step }) => step);
    return {
      placement: {
        topology,
        version: Math.max(version, ...versions) + 1,
        processes: processes.map(({ name, hosts }) => ({ name, hosts: [...hosts], endpoints: [] })),
      },
      step: Math.max(stored?.step ?? 0, ...steps) + 1,
      change: null,
    };
  }

  private view(): ControlView {
    const { stored, members } = this.seen;
    const { placement, topologies } = this.options;
    if (!stored) {
      const processes = placement.processes.map((process) => this.describe(process.name, process.hosts, []));
      const { topology, version } = placement;
      return { topology, topologies: [], applied: null, version, processes, change: null };
    }
    const { topology, version } = stored.placement;
    const choice = storedChoice(stored, members, topologies());
    const { change } = stored;
    const known = stored.placement.processes.map((process) => withItsCode(process, members));
    const coming = isUnderWay(change) ? change.target.processes : [];
    const spare = sparesIn(stored.placement, members);
    const added = coming
      .filter(({ name }) => ![...known, ...spare].some((process) => process.name === name))
      .map((process) => ({ ...process, hosts: [] }));
    const processes = [...known, ...spare, ...added].map(({ name, hosts, standby = [] }) =>
      this.describe(name, hosts, standby),
    );
    return { topology, ...choice, version, processes, change: this.changeView(stored, members) };
  }

  private changeView(stored: StoredPlacement, members: readonly StoredMember[]): ControlView['change'] {
    const { change } = stored;
    if (!change) return null;
    const { what, stage, startedAt, endedAt, error } = change;
    const waits = waitingFor(stored, members);
    const consul = this.lost !== undefined && isUnderWay(change) ? ['Consul, which does not answer'] : [];
    return { what, stage, startedAt, endedAt, error, waitingFor: [...consul, ...waits] };
  }

  private describe(name: string, hosts: readonly string[], standby: readonly string[]): RunningProcessView {
    const { stored, members } = this.seen;
    const running = membersOf(members, name);
    const isComing = isUnderWay(stored?.change ?? null) && running.length === 0;
    const state = running.length > 0 ? 'running' : isComing ? 'starting' : 'stopped';
    return { name, hosts, standby, pids: running.map(({ pid }) => pid), state, downSince: null };
  }

  /** A change that waits for what is not started ends without anybody who says anything. */
  private wakeInTime(view: StoreView): void {
    clearTimeout(this.deadline);
    const change = view.stored?.change ?? null;
    if (!isUnderWay(change) || change.stage !== 'starting') return;
    const inMs = Math.max(0, new Date(change.startBy).getTime() - Date.now()) + 1;
    this.deadline = setTimeout(() => void this.take(this.seen), Math.min(inMs, LONGEST_TIMER_MS)).unref();
  }

  private log(stored: StoredPlacement | undefined): void {
    const { change } = stored ?? {};
    if (!change) return;
    const { what, stage, error, startedAt } = change;
    const line = `${what}: ${stage}${error === null ? '' : `: ${error}`}`;
    if (`${startedAt} ${line}` === this.shown) return;
    this.shown = `${startedAt} ${line}`;
    if (error === null) this.logger.log(line);
    else this.logger.warn(line);
  }
}
