import type { Placement } from '../placement.js';
import type { Discovery } from './discovery.js';
import type { InstanceSource } from './instance-source.js';
import { instanceAt } from './endpoint.js';

/** The endpoints that the placement declares: those of the topology file and PROCESS_ADDRESSES, until it changes. */
export class StaticSource implements InstanceSource {
  constructor(
    private readonly discovery: Discovery,
    private readonly placement: Pick<Placement, 'processes' | 'onChange'>,
  ) {}

  async start(): Promise<void> {
    this.publish();
    this.placement.onChange(() => this.publish());
  }

  async stop(): Promise<void> {}

  private publish(): void {
    for (const { hosts, endpoints } of this.placement.processes) {
      for (const host of hosts) this.discovery.found(host, endpoints.map(instanceAt));
    }
  }
}
