import type { Discovery } from './discovery.js';
import type { InstanceSource } from './instance-source.js';
import { instanceAt, type PlannedProcess } from './endpoint.js';

/** The endpoints that the topology file and PROCESS_ADDRESSES declare, unchanged. */
export class StaticSource implements InstanceSource {
  constructor(
    private readonly discovery: Discovery,
    private readonly processes: readonly PlannedProcess[],
  ) {}

  async start(): Promise<void> {
    for (const { hosts, endpoints } of this.processes) {
      for (const host of hosts) this.discovery.found(host, endpoints.map(instanceAt));
    }
  }

  async stop(): Promise<void> {}
}
