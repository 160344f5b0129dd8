import { Logger } from '@nestjs/common';
import { BackgroundLoop, settledWithin } from '@fissile/kit/async';
import type { Discovery } from './discovery.js';
import type { InstanceSource } from './instance-source.js';
import type { Resolve } from './resolve-addresses.js';
import { type Instance, instanceAt, type Endpoint, type PlannedProcess } from './endpoint.js';

const FIRST_LOOK_MS = 2_000;
/** A look-up that the system has begun cannot be cancelled, and a stop does not wait for a name server that is silent. */
const LAST_LOOK_MS = 500;

/**
 * Treats each address of a process's host name as an instance, as a headless Service of Kubernetes publishes them. It
 * polls every few seconds, and a name whose records say for how long they hold no earlier than that.
 */
export class DnsSource implements InstanceSource {
  private readonly logger = new Logger(DnsSource.name);
  private readonly unresolved = new Set<string>();
  /** By process, until when its addresses hold. */
  private readonly holdUntil = new Map<string, number>();
  private readonly loop: BackgroundLoop;
  private firstLook: () => void = () => undefined;

  constructor(
    private readonly discovery: Discovery,
    private readonly processes: readonly PlannedProcess[],
    everyMs: number,
    private readonly resolve: Resolve,
  ) {
    this.loop = new BackgroundLoop('look-up of addresses', everyMs, () => this.poll());
  }

  async start(): Promise<void> {
    const looked = new Promise<void>((done) => (this.firstLook = done));
    this.loop.start();
    await settledWithin(looked, FIRST_LOOK_MS);
  }

  stop(): Promise<void> {
    return settledWithin(this.loop.stop(), LAST_LOOK_MS);
  }

  private async poll(): Promise<boolean> {
    await Promise.all(this.processes.map((process) => this.lookAt(process)));
    this.firstLook();
    return false;
  }

  private async lookAt({ name, hosts, endpoints }: PlannedProcess): Promise<void> {
    if (Date.now() < (this.holdUntil.get(name) ?? 0)) return;
    try {
      const found = await Promise.all(endpoints.map((place) => this.instancesAt(place)));
      const instances = found.flatMap((one) => one.instances);
      this.holdUntil.set(name, Date.now() + Math.min(...found.map(({ ttlMs = 0 }) => ttlMs)));
      for (const host of hosts) this.discovery.found(host, instances);
      if (this.unresolved.delete(name)) this.logger.log(`The addresses of ${name} are known again`);
    } catch (error) {
      for (const host of hosts) this.discovery.sourceUnavailable(host);
      if (this.unresolved.has(name)) return;
      this.unresolved.add(name);
      this.logger.warn(`No addresses of ${name} now (${codeOf(error)}); using those known last`);
    }
  }

  private async instancesAt(place: Endpoint): Promise<{ instances: Instance[]; ttlMs?: number }> {
    const { addresses, ...holds } = await this.resolve(place.address);
    return { instances: addresses.map((address) => instanceAt({ ...place, address })), ...holds };
  }
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'no answer';
}
