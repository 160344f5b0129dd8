import type { Component, ContextName, Product } from '@fissile/kit/contract';
import type { OwnProcess, PlannedProcess } from './discovery/endpoint.js';

/** The target name of a process in calls that concern it as a whole. No context name contains a dash. */
export function addressOfProcess(name: string): Component {
  return `process-${name}`;
}

/** Which process hosts which components, and which process is the current one. */
export class Placement {
  /** The targets that calls and requests to this process may name: its components, and the process itself. */
  readonly identities: readonly Component[];

  constructor(
    readonly product: Product,
    /** The name of the active topology. */
    readonly topology: string,
    readonly processes: readonly PlannedProcess[],
    readonly self: OwnProcess,
  ) {
    this.identities = [...self.hosts, addressOfProcess(self.name)];
  }

  isLocal(component: Component): boolean {
    return this.identities.includes(component);
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

  /** One context of each other process that hosts any, for calls that concern the process as a whole. */
  get otherProcesses(): ContextName[] {
    const byProcess = this.remoteContexts.map((context) => [this.processOf(context).name, context] as const);
    return [...new Map(byProcess).values()];
  }

  private processOf(context: ContextName): PlannedProcess {
    const found = this.processes.find(({ hosts }) => hosts.includes(context));
    if (!found) throw new Error(`no process hosts ${context}`);
    return found;
  }

  /** Whether any component is remote. */
  get isDistributed(): boolean {
    return this.processes.length > 1;
  }
}
