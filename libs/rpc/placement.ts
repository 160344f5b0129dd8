import type { Component, ContextName, Product } from '@fissile/kit/contract';
import type { OwnProcess, PlacedProcess } from './discovery/place.js';

/** Which process hosts what, and which of them this one is. */
export class Placement {
  constructor(
    readonly product: Product,
    /** The name of the topology that runs. */
    readonly topology: string,
    readonly processes: readonly PlacedProcess[],
    readonly self: OwnProcess,
  ) {}

  isHere(hostable: Component): boolean {
    return this.self.hosts.includes(hostable);
  }

  get contextsHere(): ContextName[] {
    return this.product.contextNames.filter((context) => this.isHere(context));
  }

  get contextsElsewhere(): ContextName[] {
    return this.product.contextNames.filter((context) => !this.isHere(context));
  }

  /** One context of each other process that hosts any, for what concerns the process as a whole. */
  get otherProcesses(): ContextName[] {
    const byProcess = this.contextsElsewhere.map(
      (context) => [this.processOf(context).name, context] as const,
    );
    return [...new Map(byProcess).values()];
  }

  private processOf(context: ContextName): PlacedProcess {
    const found = this.processes.find(({ hosts }) => hosts.includes(context));
    if (!found) throw new Error(`no process hosts ${context}`);
    return found;
  }

  /** Whether anything is elsewhere. */
  get isDistributed(): boolean {
    return this.processes.length > 1;
  }
}
