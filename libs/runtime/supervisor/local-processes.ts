import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import { ContextError } from '@fissile/kit/contract';
import type { RunningProcessView, TopologyControl, TopologyRequest } from '@fissile/kit/operations';
import { claimFreePort } from '@fissile/kit/host';
import { chooseFreePorts } from '@fissile/kit/nest';
import { TelemetrySettings } from '@fissile/kit/observability';
import type { PlacementState, PlannedProcess } from '@fissile/kit/rpc';
import type { PlacementCommand } from '../placement/placement-commands.js';
import type { PlacementMember } from '../placement/placement-member.js';
import { refusal } from '../placement/plan-change.js';
import type { ChangeableProcesses } from '../placement/topology-changes.js';
import { PrefixedOutput } from './prefixed-output.js';
import { Worker, type WorkerProcess } from './worker.js';
import { outputOf } from './worker-output.js';

/** What happens to the processes, for whoever started them. */
export interface ProcessEvents {
  /** For the first time since it was started, or again. */
  ready(worker: Worker, isFirstTime: boolean): void;
  /** It ended before it was ready, and is not started again. */
  failed(worker: Worker, outcome: string): void;
}

/** The process that starts the others, where it hosts something itself. */
export interface OwnPart {
  readonly name: string;
  readonly member: PlacementMember;
}

/** The processes that this one has started on this machine: each started again when it crashes. */
export class LocalProcesses implements ChangeableProcesses {
  private readonly workers: Worker[] = [];
  private readonly output = new PrefixedOutput();
  private readonly starting = new Map<Worker, PromiseWithResolvers<void>>();
  private control: TopologyControl | undefined;
  private own: OwnPart | undefined;
  private isStopping = false;

  constructor(
    private current: PlacementState,
    private readonly loaded: LoadedSettings,
    private readonly events: ProcessEvents = { ready: () => undefined, failed: () => undefined },
  ) {}

  get state(): PlacementState {
    return this.current;
  }

  get all(): readonly Worker[] {
    return this.workers;
  }

  /** Who answers the processes that ask for a change. */
  controlledBy(control: TopologyControl): void {
    this.control = control;
  }

  /** The part of this process itself. */
  join(own: OwnPart): void {
    this.own = own;
  }

  adopt(state: PlacementState): void {
    this.current = state;
  }

  async prepare(state: PlacementState): Promise<PlacementState> {
    const { own } = this;
    if (!own || state.processes.length > 1 || state.version > 0) return state;
    const [only] = state.processes;
    const [place] = only?.endpoints ?? [];
    if (!only || !place) return state;
    const endpoints = [{ ...place, rpcPort: place.rpcPort || (await claimFreePort()) }];
    const callable = { ...state, version: state.version + 1, processes: [{ ...only, endpoints }] };
    await own.member.becomeCallable(callable);
    this.adopt(callable);
    return callable;
  }

  async withPorts(process: PlannedProcess): Promise<PlannedProcess> {
    const [placed = process] = await chooseFreePorts([process]);
    return placed;
  }

  async start(instances: PlannedProcess, state = this.current): Promise<void> {
    const workers = workersOf(instances, state).map((placed) => this.add(placed, state));
    try {
      await Promise.all(workers.map((worker) => this.run(worker)));
    } catch (error) {
      await this.stop(instances);
      throw error;
    }
  }

  async stop({ name, endpoints }: PlannedProcess): Promise<void> {
    const ports = new Set(endpoints.map(({ httpPort }) => httpPort));
    for (const worker of this.instancesOf(name).filter(({ process }) => ports.has(process.httpPort))) {
      await worker.stop();
      this.workers.splice(this.workers.indexOf(worker), 1);
    }
  }

  halt(name: string): Promise<void> {
    const running = this.instancesBesidesOwn(name).filter(({ isHalted }) => !isHalted);
    if (running.length === 0) throw refusal(`process: ${name} was stopped already`);
    return Promise.all(running.map((worker) => worker.stop())).then(() => undefined);
  }

  async kill(name: string): Promise<void> {
    for (const worker of this.instancesBesidesOwn(name)) worker.kill();
  }

  resume(name: string): Promise<void> {
    // One that waits to be started again after a crash is started now.
    const stopped = this.instancesBesidesOwn(name).filter(({ pid }) => pid === undefined);
    if (stopped.length === 0) throw refusal(`process: ${name} runs already`);
    return Promise.all(stopped.map((worker) => this.run(worker))).then(() => undefined);
  }

  async send(name: string, command: PlacementCommand): Promise<void> {
    if (name === this.own?.name) return this.own.member.carryOut(command);
    const running = this.instancesOf(name).filter(({ state }) => state === 'running');
    await Promise.all(running.map((worker) => worker.send(command)));
  }

  describe(): readonly RunningProcessView[] {
    return this.current.processes.map(({ name, hosts, standby = [] }) => {
      const isOwn = name === this.own?.name;
      const instances = this.instancesOf(name);
      const pids = isOwn ? [process.pid] : instances.map(({ pid }) => pid).filter((pid) => pid !== undefined);
      const state = isOwn ? 'running' : stateOf(instances);
      return { name, hosts, standby, pids, state, downSince: isOwn ? null : downSince(instances) };
    });
  }

  /** In the order of the topology: those that call stop before those that they call. */
  async stopAll(): Promise<void> {
    this.isStopping = true;
    for (const worker of this.workers) await worker.stop();
  }

  killAll(): void {
    for (const worker of this.workers) worker.kill();
  }

  /** Resolves when it serves. */
  private run(worker: Worker): Promise<void> {
    const started = Promise.withResolvers<void>();
    this.starting.set(worker, started);
    worker.start();
    return started.promise;
  }

  /** @throws ContextError topology_not_changed for this process, which nothing would start again */
  private instancesBesidesOwn(name: string): Worker[] {
    if (name !== this.own?.name) return this.instancesOf(name);
    throw refusal(`process: ${name} has started the others; stop it by a signal, and start it as you did`);
  }

  private instancesOf(name: string): Worker[] {
    return this.workers.filter(({ process }) => process.name === name);
  }

  private add(placed: WorkerProcess, state: PlacementState): Worker {
    this.output.add(placed.shownAs);
    // It begins in the view of those who start it, and each time again in that of the day.
    const worker: Worker = new Worker(placed, () => this.environmentOf(worker, state), {
      line: (line) => this.output.print(placed.shownAs, line),
      ready: () => this.afterReady(worker),
      ended: (outcome, restartInMs) => this.afterEnd(worker, outcome, restartInMs),
      asked: (request) => this.answer(request),
    });
    this.workers.push(worker);
    return worker;
  }

  private environmentOf({ process: placed }: Worker, begun: PlacementState): NodeJS.ProcessEnv {
    const { LOG_FORMAT } = settingsOf(TelemetrySettings, this.loaded);
    const state = begun.version > this.current.version ? begun : this.current;
    const self = state.processes.find(({ name }) => name === placed.name);
    return {
      ...process.env,
      TOPOLOGY: state.topology,
      PLACEMENT: JSON.stringify(state),
      HOSTS: (self?.hosts ?? placed.hosts).join(','),
      STANDBY: (self?.standby ?? []).join(','),
      // One heap of the C library for each thread would take more than it gives.
      MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'] ?? '2',
      ...outputOf(LOG_FORMAT, process.stdout.isTTY, process.env),
    };
  }

  private afterReady(worker: Worker): void {
    const started = this.starting.get(worker);
    this.starting.delete(worker);
    started?.resolve();
    const { shownAs } = worker.process;
    if (!started) this.output.print(shownAs, `is back, with pid ${worker.pid}`);
    // The placement may have changed while it started.
    void worker.send({ do: 'place', state: this.current }).catch(() => undefined);
    this.events.ready(worker, started !== undefined);
  }

  private afterEnd(worker: Worker, outcome: string, restartInMs: number | undefined): void {
    if (this.isStopping) return;
    const { shownAs } = worker.process;
    if (restartInMs !== undefined) {
      return this.output.print(shownAs, `ended with ${outcome}; starting it again in ${restartInMs} ms`);
    }
    this.output.print(shownAs, `could not start (${outcome})`);
    this.starting.get(worker)?.reject(new Error(`${shownAs} could not start (${outcome})`));
    this.starting.delete(worker);
    this.events.failed(worker, outcome);
  }

  private async answer(request: TopologyRequest) {
    try {
      if (!this.control) throw ContextError.of('unavailable');
      return { view: await this.control.carryOut(request) };
    } catch (error) {
      const known = error instanceof ContextError ? error : ContextError.of('internal_error');
      return { error: known.toRecord() };
    }
  }
}

/** Instances of a process, numbered by where the state has them; those after the first have that number behind their name. */
function workersOf({ name, hosts, endpoints }: PlannedProcess, state: PlacementState): WorkerProcess[] {
  const all = state.processes.find((process) => process.name === name)?.endpoints ?? endpoints;
  return endpoints.map((place) => {
    const instance = all.findIndex(({ httpPort }) => httpPort === place.httpPort) + 1;
    return { name, hosts, ...place, instance, shownAs: instance === 1 ? name : `${name}#${instance}` };
  });
}

/** Since the last of them has ended, where none runs. */
function downSince(instances: readonly Worker[]): string | null {
  if (stateOf(instances) === 'running') return null;
  const ends = instances.flatMap((worker) => worker.downSince?.toISOString() ?? []);
  return ends.sort().at(-1) ?? null;
}

function stateOf(instances: readonly Worker[]): RunningProcessView['state'] {
  if (instances.some(({ state }) => state === 'running')) return 'running';
  return instances.some(({ state }) => state === 'starting') ? 'starting' : 'stopped';
}
