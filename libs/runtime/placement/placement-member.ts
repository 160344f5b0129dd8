import type { Type } from '@nestjs/common';
import { HealthRegistry } from '@fissile/kit/health';
import { HostedWork } from '@fissile/kit/nest';
import { Balancer, ContractServer, Placement, type PlacementState, RequestsUnderWay } from '@fissile/kit/rpc';
import type { PlacementCommand } from './placement-commands.js';

/** What Nest has made of a class. */
type Parts = { get<T>(type: Type<T>): T };

/** This process, as one of those between which contexts move. */
export class PlacementMember {
  private readonly placement: Placement;
  private readonly work: HostedWork;
  private readonly underWay: RequestsUnderWay;
  private readonly server: ContractServer;
  private readonly balancer: Balancer;

  constructor(parts: Parts) {
    this.placement = parts.get(Placement);
    this.work = parts.get(HostedWork);
    this.underWay = parts.get(RequestsUnderWay);
    this.server = parts.get(ContractServer);
    this.balancer = parts.get(Balancer);
    parts.get(HealthRegistry).limitTo((context) => this.work.isRunning(context));
  }

  /** Stops the work of contexts that are hosted elsewhere: Nest has started that of all. */
  async begin(): Promise<void> {
    const standby = this.placement.loadedContexts.filter((context) => !this.placement.isLocal(context));
    await Promise.all(standby.map((context) => this.work.stop(context)));
  }

  async carryOut(command: PlacementCommand): Promise<void> {
    if (command.do === 'host') await Promise.all(command.contexts.map((context) => this.work.start(context)));
    else if (command.do === 'place') await this.place(command.state);
    else await Promise.all(command.contexts.map((context) => this.release(context)));
  }

  /** Makes a process that has been alone one that others can call. */
  async becomeCallable(state: PlacementState): Promise<void> {
    this.placement.change(state);
    await this.server.follow();
  }

  /** Resolves when former owners get nothing more of this process: then they may close their ports. */
  private async place(state: PlacementState): Promise<void> {
    this.placement.change(state);
    if (this.placement.isDistributed) await this.server.follow();
    await this.balancer.noneAwaitsThoseGone();
  }

  private async release(context: string): Promise<void> {
    // It may have come back in the meantime.
    if (this.placement.isLocal(context)) return;
    await this.underWay.whenNone(context);
    await this.work.stop(context);
  }
}
