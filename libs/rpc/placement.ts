import type { Component, ContextName, Product } from '@fissile/kit/contract';
import type { OwnProcess, PlannedProcess } from './discovery/endpoint.js';

/**
 * The address of a process in calls that concern it as a whole. No context is called so: their names have no dash.
 */
export function addressOfProcess(name: string): Component {
  return `process-${name}`;
}

/** Which process hosts what, and which of them this one is. */
export class Placement {
  /** What calls and requests to this process may be meant for: what it hosts, and itself. */
  readonly identities: readonly Component[];

  constructor(
    readonly product: Product,
    /** The name of the topology that runs. */
    readonly topology: string,
    readonly processes: readonly PlannedProcess[],
    readonly self: OwnProcess,
  ) {
    this.identities = [...self.hosts, addressOfProcess(self.name)];
  }

  isLocal(component: Component): boolean {
    return this.identities.includes(component);
  }

  get localContexts(): ContextName[] {
    return this.product.contextNames.filter((context) => this.isLocal(context));
  }

  get remoteContexts(): ContextName[] {
    return this.product.contextNames.filter((context) => !this.isLocal(context));
  }

  /** One context of each other process that hosts any, for what concerns the process as a whole. */
  get otherProcesses(): ContextName[] {
    const byProcess = this.remoteContexts.map((context) => [this.processOf(context).name, context] as const);
    return [...new Map(byProcess).values()];
  }

  private processOf(context: ContextName): PlannedProcess {
    const found = this.processes.find(({ hosts }) => hosts.includes(context));
    if (!found) throw new Error(`no process hosts ${context}`);
    return found;
  }

  /** Whether anything is elsewhere. */
  get isDistributed(): boolean {
    return this.processes.length > 1;
  }
}
