import type { Discovery } from './discovery.js';
import type { InstanceSource } from './instance-source.js';
import { instanceAt, type PlacedProcess } from './place.js';

/** The places that the topology's file and PROCESS_ADDRESSES name, as they are. */
export class StaticSource implements InstanceSource {
  constructor(
    private readonly discovery: Discovery,
    private readonly processes: readonly PlacedProcess[],
  ) {}

  async start(): Promise<void> {
    for (const { hosts, places } of this.processes) {
      for (const host of hosts) this.discovery.found(host, places.map(instanceAt));
    }
  }

  async stop(): Promise<void> {}
}
