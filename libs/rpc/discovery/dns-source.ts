import { Logger } from '@nestjs/common';
import { lookup } from 'node:dns/promises';
import { BackgroundLoop, settledWithin } from '@fissile/kit/async';
import type { Discovery } from './discovery.js';
import type { InstanceSource } from './instance-source.js';
import { type Instance, instanceAt, type Endpoint, type PlannedProcess } from './endpoint.js';

const FIRST_LOOK_MS = 2_000;

/** All addresses of a host name, IPv4 and IPv6. Rejects when it has none. */
export type Resolve = (hostName: string) => Promise<readonly string[]>;

/**
 * Treats each address of a process's host name as an instance, as a headless Service of Kubernetes publishes them. It
 * uses the system's resolver, with search domains, which does not expose record TTLs: so it polls every few seconds.
 */
export class DnsSource implements InstanceSource {
  private readonly logger = new Logger(DnsSource.name);
  private readonly unresolved = new Set<string>();
  private readonly loop: BackgroundLoop;
  private firstLook: () => void = () => undefined;

  constructor(
    private readonly discovery: Discovery,
    private readonly processes: readonly PlannedProcess[],
    everyMs: number,
    private readonly resolve: Resolve = lookUp,
  ) {
    this.loop = new BackgroundLoop('look-up of addresses', everyMs, () => this.poll());
  }

  async start(): Promise<void> {
    const looked = new Promise<void>((done) => (this.firstLook = done));
    this.loop.start();
    await settledWithin(looked, FIRST_LOOK_MS);
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async poll(): Promise<boolean> {
    await Promise.all(this.processes.map((process) => this.lookAt(process)));
    this.firstLook();
    return false;
  }

  private async lookAt({ name, hosts, endpoints }: PlannedProcess): Promise<void> {
    try {
      const instances = (await Promise.all(endpoints.map((place) => this.instancesAt(place)))).flat();
      for (const host of hosts) this.discovery.found(host, instances);
      if (this.unresolved.delete(name)) this.logger.log(`The addresses of ${name} are known again`);
    } catch (error) {
      for (const host of hosts) this.discovery.sourceUnavailable(host);
      if (this.unresolved.has(name)) return;
      this.unresolved.add(name);
      this.logger.warn(`No addresses of ${name} now (${codeOf(error)}); using those known last`);
    }
  }

  private async instancesAt(place: Endpoint): Promise<Instance[]> {
    const addresses = await this.resolve(place.address);
    return addresses.map((address) => instanceAt({ ...place, address }));
  }
}

async function lookUp(hostName: string): Promise<readonly string[]> {
  const found = await lookup(hostName, { all: true });
  return found.map(({ address }) => address);
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'no answer';
}
