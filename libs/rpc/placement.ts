import { isDeepStrictEqual } from 'node:util';
import type { Component, ContextName, Product } from '@fissile/kit/contract';
import type { Endpoint, OwnProcess, PlannedProcess } from './discovery/endpoint.js';

/** The target name of a process in calls that concern it as a whole. No context name contains a dash. */
export function addressOfProcess(name: string): Component {
  return `process-${name}`;
}

/** Which process hosts what, at one time. Of two states, the one with the higher version is the later. */
export interface PlacementState {
  /** The name of the topology. */
  readonly topology: string;
  readonly version: number;
  readonly processes: readonly PlannedProcess[];
}

/**
 * Which process hosts which components, and which process is the current one. It may change while the process runs, so that whoever
 * routes by it asks for each call, request and event.
 */
export class Placement {
  /** The components whose code this process has: what it hosted at its start, and what may move to it. */
  readonly loaded: readonly Component[];
  /** The targets that calls and requests to this process may name: all of these components, and the process itself. */
  readonly identities: readonly Component[];
  private readonly listeners: (() => void)[] = [];
  /** Of route templates, which are few. */
  private readonly owners = new Map<string, ContextName | undefined>();
  private state: PlacementState;
  private hosted: ReadonlySet<Component>;
  private callPort: number;

  /** @param isShared whether other processes may come at any time, so that this one is to be callable from the start */
  constructor(
    readonly product: Product,
    topology: string,
    processes: readonly PlannedProcess[],
    readonly self: OwnProcess,
    version = 0,
    private readonly isShared = false,
  ) {
    this.loaded = [...new Set([...self.hosts, ...(self.standby ?? [])])];
    this.identities = [...this.loaded, addressOfProcess(self.name)];
    this.state = { topology, version, processes };
    this.hosted = new Set(self.hosts);
    this.callPort = self.rpcPort;
  }

  /** Where this process is to take calls: one that starts alone may get its port with the first change. */
  get rpcPort(): number {
    return this.callPort;
  }

  get topology(): string {
    return this.state.topology;
  }

  get processes(): readonly PlannedProcess[] {
    return this.state.processes;
  }

  get version(): number {
    return this.state.version;
  }

  /** Takes over a later state; one that is not later is ignored. */
  change(next: PlacementState): void {
    if (next.version <= this.state.version) return;
    const own = next.processes.find(({ name }) => name === this.self.name);
    const hosts = own?.hosts ?? [];
    const unknown = hosts.find((component) => !this.loaded.includes(component));
    if (unknown !== undefined) throw new Error(`${this.self.name} has no code of ${unknown}`);
    this.state = next;
    this.hosted = new Set(hosts);
    const place = own?.endpoints.find(({ httpPort }) => httpPort === this.self.httpPort);
    if (place) this.callPort = place.rpcPort;
    this.tell();
  }

  /** Takes over where the instances of processes are now. A process without any keeps those known last. */
  locate(endpointsOf: (process: string) => readonly Endpoint[]): void {
    const processes = this.state.processes.map((process) => {
      const endpoints = endpointsOf(process.name);
      return endpoints.length > 0 ? { ...process, endpoints } : process;
    });
    if (isDeepStrictEqual(processes, this.state.processes)) return;
    this.state = { ...this.state, processes };
    this.tell();
  }

  /** Calls the listener after each change. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  isLocal(component: Component): boolean {
    return this.hosted.has(component) || component === addressOfProcess(this.self.name);
  }

  /** What a process hosts; undefined for one that this topology does not have. */
  hostsOf(process: string): readonly Component[] | undefined {
    return this.processes.find(({ name }) => name === process)?.hosts;
  }

  get localContexts(): ContextName[] {
    return this.product.contextNames.filter((context) => this.isLocal(context));
  }

  get remoteContexts(): ContextName[] {
    return this.product.contextNames.filter((context) => !this.isLocal(context));
  }

  /** Contexts whose code is here, whether they are hosted here now or not. */
  get loadedContexts(): ContextName[] {
    return this.product.contextNames.filter((context) => this.loaded.includes(context));
  }

  /** The context of this process's code whose public paths a route's template belongs to. */
  ownerOf(route: string): ContextName | undefined {
    if (!this.owners.has(route)) this.owners.set(route, this.findOwner(route));
    return this.owners.get(route);
  }

  /** One context of each other process that hosts any, for calls that concern the process as a whole. */
  get otherProcesses(): ContextName[] {
    const byProcess = this.remoteContexts.map((context) => [this.processOf(context).name, context] as const);
    return [...new Map(byProcess).values()];
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private findOwner(route: string): ContextName | undefined {
    return this.loadedContexts.find((context) =>
      this.product.pathsOf(context).some((path) => route === path || route.startsWith(`${path}/`)),
    );
  }

  private processOf(context: ContextName): PlannedProcess {
    const found = this.processes.find(({ hosts }) => hosts.includes(context));
    if (!found) throw new Error(`no process hosts ${context}`);
    return found;
  }

  /** Whether any component is remote, or may be at any time. */
  get isDistributed(): boolean {
    return this.isShared || this.processes.length > 1;
  }
}
