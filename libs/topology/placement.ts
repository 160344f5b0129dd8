import { CONTEXTS, type ContextName, type Hostable } from '#libs/contracts';

/** A process of the topology, and where it is. */
export interface PlacedProcess {
  readonly name: string;
  readonly hosts: readonly Hostable[];
  /** Host name or address without a port. */
  readonly address: string;
  /** The port of its HTTP server. */
  readonly httpPort: number;
  /** The port of internal calls, where the transport needs one. */
  readonly rpcPort: number;
}

/** Which process hosts what, and which of them this one is. */
export class Placement {
  constructor(
    /** The name of the topology that runs. */
    readonly topology: string,
    readonly processes: readonly PlacedProcess[],
    readonly self: PlacedProcess,
  ) {}

  isHere(hostable: Hostable): boolean {
    return this.self.hosts.includes(hostable);
  }

  get contextsHere(): ContextName[] {
    return CONTEXTS.filter((context) => this.isHere(context));
  }

  get contextsElsewhere(): ContextName[] {
    return CONTEXTS.filter((context) => !this.isHere(context));
  }

  /** One context of each other process that hosts any, for what concerns the process as a whole. */
  get otherProcesses(): ContextName[] {
    const byProcess = this.contextsElsewhere.map(
      (context) => [this.processOf(context).name, context] as const,
    );
    return [...new Map(byProcess).values()];
  }

  processOf(context: ContextName): PlacedProcess {
    const found = this.processes.find(({ hosts }) => hosts.includes(context));
    if (!found) throw new Error(`no process hosts ${context}`);
    return found;
  }

  /** http://host:port of the process that hosts the context. */
  httpOriginOf(context: ContextName): string {
    const { address, httpPort } = this.processOf(context);
    return `http://${address}:${httpPort}`;
  }

  /** Whether anything is elsewhere. */
  get isDistributed(): boolean {
    return this.processes.length > 1;
  }
}
