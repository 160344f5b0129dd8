import { Injectable } from '@nestjs/common';
import { type Implementation, Processes } from '@fissile/kit/contract';
import {
  addressOfProcess,
  Balancer,
  CallTransport,
  ContractBinding,
  Discovery,
  type Instance,
  Placement,
  type PlannedProcess,
} from '@fissile/kit/rpc';

/** A process to call, or an instance of it. */
export interface CalledProcess {
  readonly process: string;
  /** Which one it is, where there is a choice. */
  readonly name: string;
  readonly client: ProcessClient;
}

export type ProcessClient = Implementation<typeof Processes>;

/** Calls of single processes, by their names: a request about a process goes to it, and not to a context that it hosts. */
@Injectable()
export class ProcessClients {
  constructor(
    private readonly binding: ContractBinding,
    private readonly placement: Placement,
    private readonly discovery: Discovery,
    private readonly balancer: Balancer,
    private readonly transport: CallTransport,
  ) {}

  /** One instance of a process that works, as far as is known; over a broker, whichever takes the call. */
  of(process: PlannedProcess): ProcessClient {
    if (process.name === this.placement.self.name) return this.client(process.name, undefined);
    const [host = ''] = process.hosts;
    const working = this.balancer.describe(host).find(({ ejected }) => !ejected);
    return this.client(process.name, this.isBrokered ? undefined : working?.instance);
  }

  /** Every other instance of every process; over a broker, which chooses, one of each other process. */
  others(): CalledProcess[] {
    const { processes, self } = this.placement;
    if (!this.transport.rpc) return [];
    if (this.isBrokered) {
      const others = processes.filter(({ name }) => name !== self.name);
      return others.map(({ name }) => ({ process: name, name, client: this.client(name, undefined) }));
    }
    return processes.flatMap(({ name, hosts: [host = ''] }) =>
      this.discovery
        .othersOf(host)
        .map((at) => ({ process: name, name: at.id, client: this.client(name, at) })),
    );
  }

  /** This process, and the others as far as they are known. */
  all(): CalledProcess[] {
    const { name } = this.placement.self;
    return [{ process: name, name, client: this.client(name, undefined) }, ...this.others()];
  }

  /** Processes that host something, and of which no instance is known. */
  unknown(): string[] {
    const known = new Set(this.all().map(({ process }) => process));
    const hosting = this.placement.processes.filter(({ hosts }) => hosts.length > 0);
    return hosting.map(({ name }) => name).filter((name) => !known.has(name));
  }

  private get isBrokered(): boolean {
    return this.transport.rpc?.broker !== undefined;
  }

  private client(name: string, at: Instance | undefined): ProcessClient {
    return this.binding.client(Processes, addressOfProcess(name), { at, unguarded: true });
  }
}
