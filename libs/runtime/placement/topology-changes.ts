import { Logger } from '@nestjs/common';
import { asError } from '@fissile/kit/async';
import { isProduction } from '@fissile/kit/config';
import type { DescribedProcess, DescribedTopologies } from '@fissile/kit/contract';
import {
  type ChangeStage,
  type ChangeView,
  type ControlView,
  type RunningProcessView,
  TopologyControl,
  type TopologyRequest,
} from '@fissile/kit/operations';
import type { PlacementState, PlannedProcess } from '@fissile/kit/rpc';
import {
  afterApply,
  afterMove,
  afterRestart,
  afterScale,
  type ChangePlan,
  hostsEdge,
  planChange,
  processNamed,
  refusal,
} from './plan-change.js';
import { stepsBetween } from './change-steps.js';
import { choiceOf } from './topology-choice.js';
import type { PlacementCommand } from './placement-commands.js';

/** The processes of this machine, as a change of the placement needs them. */
export interface ChangeableProcesses {
  readonly state: PlacementState;
  /** Lets processes that are started from now on, or started again, begin with this state. */
  adopt(state: PlacementState): void;
  /** Gives the process that started alone what it needs to call others, and to be called; its ports may be new. */
  prepare(state: PlacementState): Promise<PlacementState>;
  /** Chooses ports for instances that are about to start. */
  withPorts(process: PlannedProcess): Promise<PlannedProcess>;
  /** Resolves when these instances serve, in the view that the state is there already; rejects when one cannot start. */
  start(instances: PlannedProcess, state: PlacementState): Promise<void>;
  /** Stops these instances in order, for good. */
  stop(instances: PlannedProcess): Promise<void>;
  /** Stops a process in order, which keeps its place. @throws ContextError topology_not_changed, at once, when it was stopped */
  halt(name: string): Promise<void>;
  /** Ends a process at once, as a crash would: it is started again. @throws ContextError topology_not_changed, at once, for that of the port */
  kill(name: string): Promise<void>;
  /** Starts a stopped process again, where it was. @throws ContextError topology_not_changed, at once, when it runs */
  resume(name: string): Promise<void>;
  /** Resolves when all instances of the process that run have done it; those that end meanwhile do not count. */
  send(name: string, command: PlacementCommand): Promise<void>;
  describe(): readonly RunningProcessView[];
}

export interface ChangeOptions {
  readonly processes: ChangeableProcesses;
  /** The processes of a topology of config/topology.yaml. @throws ContextError topology_not_changed */
  readonly partitionOf: (topology: string) => readonly DescribedProcess[];
  /** What there is to apply. */
  readonly topologies: () => DescribedTopologies;
  /** Why nothing can move, such as an event bus that reaches one process alone. */
  readonly obstacle?: string | undefined;
}

const ON_REQUEST = 'it was rolled back on request';

/**
 * Changes what the processes of this machine host, while they serve: one change at a time, in stages that end in one of the two
 * placements, unless the way back fails too. New owners work before anybody is told; everybody is told before former owners stop taking work; and these end
 * what they have taken.
 */
export class TopologyChanges extends TopologyControl {
  private readonly logger = new Logger('Topology');
  private change: ChangeView | null = null;
  private former: PlacementState | undefined;
  private wantsBack = false;
  private isGoingBack = false;
  /** Why the change under way cannot be rolled back. */
  private noWayBack: string | undefined;

  constructor(private readonly options: ChangeOptions) {
    super();
  }

  override async carryOut(request: TopologyRequest): Promise<ControlView> {
    const { partitionOf, processes } = this.options;
    switch (request.action) {
      case 'move':
        this.begin(`move ${request.context} to ${request.to}`, (state) =>
          afterMove(state, request.context, request.to),
        );
        break;
      case 'apply':
        this.begin(`apply ${request.topology}`, (state) =>
          afterApply(state, request.topology, partitionOf(request.topology)),
        );
        break;
      case 'scale':
        this.begin(`scale ${request.process} to ${request.instances}`, (state) =>
          afterScale(state, request.process, request.instances),
        );
        break;
      case 'restart':
        this.restart(request);
        break;
      case 'stop':
        this.inPlace(request, 'draining', () => processes.halt(request.process));
        break;
      case 'start':
        this.inPlace(request, 'starting', () => processes.resume(request.process));
        break;
      case 'kill':
        this.kill(request);
        break;
      case 'roll-back':
        this.rollBack();
        break;
      case 'show':
    }
    return this.view();
  }

  /** New instances work before the former ones stop, but for the process with the product's port: that closes for a moment. */
  private restart(request: { action: string; process: string }): void {
    const { processes } = this.options;
    const { process } = request;
    if (!hostsEdge(processNamed(processes.state, process))) {
      this.begin(`restart ${process}`, (state) => afterRestart(state, process));
      return;
    }
    this.inPlace(request, 'draining', () =>
      processes.halt(process).then(() => {
        this.stage('starting');
        return processes.resume(process);
      }),
    );
  }

  /** @throws ContextError topology_not_changed in production */
  private kill(request: { action: string; process: string }): void {
    if (isProduction()) throw refusal('action: kill is for development; expected restart or stop');
    this.inPlace(request, 'draining', () => this.options.processes.kill(request.process));
  }

  /** What leaves the placement as it is. */
  private inPlace(
    { action, process }: { action: string; process: string },
    stage: ChangeStage,
    work: () => Promise<void>,
  ): void {
    processNamed(this.options.processes.state, process);
    this.refuseWhileUnderWay();
    const what = `${action} ${process}`;
    const ended = work();
    this.declare(what, stage);
    this.noWayBack = `${what} is not rolled back; expected restart, stop or start of the process when it has ended`;
    this.former = undefined;
    ended.then(
      () => this.end('drained'),
      (error: unknown) => this.end('rolled back', error),
    );
  }

  private view(): ControlView {
    const { processes } = this.options;
    const { topology, version } = processes.state;
    return { topology, ...this.choice(), version, processes: processes.describe(), change: this.change };
  }

  private choice(): Pick<ControlView, 'topologies' | 'applied'> {
    const { processes, topologies, obstacle } = this.options;
    const { state } = processes;
    const choice = choiceOf(topologies(), state.topology, (topology, partition) =>
      changesAnything(planChange(state, afterApply(state, topology, partition))),
    );
    return obstacle === undefined ? choice : { ...choice, topologies: [] };
  }

  private get isUnderWay(): boolean {
    return this.change !== null && this.change.endedAt === null;
  }

  /** @throws ContextError topology_not_changed */
  private begin(what: string, targetOf: (from: PlacementState) => PlacementState): void {
    const { processes, obstacle } = this.options;
    this.refuseWhileUnderWay();
    if (obstacle !== undefined) throw refusal(obstacle);
    if (!changesAnything(planChange(processes.state, targetOf(processes.state)))) {
      throw refusal(`The processes host what they should after ${what} already`);
    }
    this.declare(what, 'starting');
    this.noWayBack = undefined;
    void this.run(targetOf);
  }

  private refuseWhileUnderWay(): void {
    if (!this.isUnderWay) return;
    throw refusal(`${this.change?.what} is under way (${this.change?.stage}); wait for its end`);
  }

  private declare(what: string, stage: ChangeStage): void {
    this.wantsBack = false;
    this.isGoingBack = false;
    const startedAt = new Date().toISOString();
    this.change = { what, stage, startedAt, endedAt: null, error: null, waitingFor: [] };
    this.logger.log(`${what}: ${stage}`);
  }

  private rollBack(): void {
    if (this.isUnderWay) {
      if (this.noWayBack !== undefined) throw refusal(this.noWayBack);
      this.wantsBack = true;
      return;
    }
    const { former } = this;
    if (!former) throw refusal('There is no change to roll back');
    this.begin(`roll back ${this.change?.what ?? ''}`.trim(), () => former);
  }

  private async run(targetOf: (from: PlacementState) => PlacementState): Promise<void> {
    const { processes } = this.options;
    const from = await this.prepared();
    if (!from) return;
    const target = await withAllPorts(processes, targetOf(from));
    const failure = await this.advanceTo(target, () => this.wantsBack);
    if (failure === undefined) {
      this.former = from;
      return this.end('drained');
    }
    if (processes.state.version === from.version) return this.end('rolled back', failure);
    return this.moveBack(from, failure);
  }

  /** After everybody was told, the way back is a change like any other. Where that fails, it can be asked for again. */
  private async moveBack(former: PlacementState, reason: unknown): Promise<void> {
    this.isGoingBack = true;
    this.stage('rolling back');
    const failure = await this.advanceTo(await withAllPorts(this.options.processes, former), () => false);
    if (failure === undefined) {
      this.former = undefined;
      return this.end('rolled back', reason);
    }
    this.former = former;
    return this.end(
      'drained',
      `${asError(reason).message}; the way back failed: ${asError(failure).message}`,
    );
  }

  /** @returns why it goes no further, where it does not: the placement is that of the last step that was taken */
  private async advanceTo(target: PlacementState, wantsBack: () => boolean): Promise<unknown> {
    const { processes } = this.options;
    for (const step of stepsBetween(processes.state, target)) {
      if (wantsBack()) return ON_REQUEST;
      this.stage('starting');
      const plan = planChange(processes.state, step);
      try {
        await this.ready(plan);
        if (wantsBack()) throw new Error(ON_REQUEST);
      } catch (error) {
        await this.undo(plan);
        return error;
      }
      await this.moveTo(plan);
    }
    return wantsBack() ? ON_REQUEST : undefined;
  }

  private async prepared(): Promise<PlacementState | undefined> {
    const { processes } = this.options;
    try {
      return await processes.prepare(processes.state);
    } catch (error) {
      this.end('rolled back', error);
      return undefined;
    }
  }

  /** All that takes over works: what hosts a context twice shares the work by leases, as several instances do. */
  private async ready({ target, added, gains }: ChangePlan): Promise<void> {
    const { processes } = this.options;
    await Promise.all(added.map((process) => processes.start(process, target)));
    await Promise.all(gains.map(({ name, contexts }) => processes.send(name, { do: 'host', contexts })));
    this.stage('ready');
  }

  private async undo({ added, gains }: ChangePlan): Promise<void> {
    const { processes } = this.options;
    this.stage('rolling back');
    await Promise.allSettled([
      ...gains.map(({ name, contexts }) => processes.send(name, { do: 'release', contexts })),
      ...added.map((instances) => processes.stop(instances)),
    ]);
  }

  private async moveTo({ target, removed, losses }: ChangePlan): Promise<void> {
    const { processes } = this.options;
    this.stage('moving');
    const told = new Set([...processes.state.processes, ...target.processes].map(({ name }) => name));
    processes.adopt(target);
    await Promise.all([...told].map((name) => this.tell(name, target)));
    this.stage('draining');
    await Promise.allSettled([
      ...losses.map(({ name, contexts }) => processes.send(name, { do: 'release', contexts })),
      ...removed.map((instances) => processes.stop(instances)),
    ]);
  }

  /** Resolves when the process routes by the new placement, or has ended: then it starts again with it. */
  private async tell(name: string, state: PlacementState): Promise<void> {
    this.update({ waitingFor: [...(this.change?.waitingFor ?? []), name] });
    await this.options.processes.send(name, { do: 'place', state }).catch(() => undefined);
    this.update({ waitingFor: this.change?.waitingFor.filter((other) => other !== name) ?? [] });
  }

  /** All of the way back is one stage to who looks on. */
  private stage(reached: ChangeStage): void {
    const stage = this.isGoingBack ? 'rolling back' : reached;
    if (this.change?.stage === stage) return;
    this.update({ stage });
    this.logger.log(`${this.change?.what}: ${stage}`);
  }

  private end(stage: ChangeStage, error?: unknown): void {
    const reason = error === undefined ? null : asError(error).message;
    this.update({ stage, endedAt: new Date().toISOString(), error: reason, waitingFor: [] });
    const line = `${this.change?.what}: ${stage}`;
    if (reason === null) this.logger.log(line);
    else this.logger.warn(`${line}: ${reason}`);
  }

  private update(change: Partial<ChangeView>): void {
    if (this.change) this.change = { ...this.change, ...change };
  }
}

function changesAnything({ added, removed, gains, losses }: ChangePlan): boolean {
  return [added, removed, gains, losses].some(({ length }) => length > 0);
}

async function withAllPorts(processes: ChangeableProcesses, target: PlacementState): Promise<PlacementState> {
  // The process with the product's port is where it is: that may be any port that was free at its start.
  const placed = target.processes.map(async (process) =>
    hostsEdge(process) ? process : processes.withPorts(process),
  );
  return { ...target, processes: await Promise.all(placed) };
}
