import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { type ConsulClient, ConsulWatch } from '@fissile/kit/config';
import type { Component } from '@fissile/kit/contract';
import { settledWithin } from '@fissile/kit/async';
import type { Discovery } from './discovery.js';
import type { InstanceSource } from './instance-source.js';
import { type Instance, instanceAt } from './endpoint.js';
import { serviceName } from './registered-service.js';

const FIRST_LOOK_MS = 2_000;

const Entries = z.array(
  z.object({
    Node: z.object({ Address: z.string() }),
    Service: z.object({
      Address: z.string(),
      Port: z.int(),
      Meta: z.record(z.string(), z.string()).nullish(),
    }),
  }),
);

/** The instances that Consul reports as healthy, published as soon as they change. */
export class ConsulSource implements InstanceSource {
  private readonly logger = new Logger('Discovery');
  private readonly watches: readonly ConsulWatch[];
  private readonly notPolled: Set<Component>;
  private allPolled: () => void = () => undefined;

  constructor(
    private readonly discovery: Discovery,
    client: ConsulClient,
    prefix: string,
    components: readonly Component[],
  ) {
    this.notPolled = new Set(components);
    this.watches = components.map((host) => this.watchOf(host, client, prefix));
  }

  async start(): Promise<void> {
    const looked = new Promise<void>((done) => (this.allPolled = done));
    for (const watch of this.watches) watch.start();
    await settledWithin(looked, FIRST_LOOK_MS);
  }

  async stop(): Promise<void> {
    await Promise.all(this.watches.map((watch) => watch.stop()));
  }

  private watchOf(host: Component, client: ConsulClient, prefix: string): ConsulWatch {
    const path = `/v1/health/service/${serviceName(prefix, host)}?passing=true`;
    let known: readonly Instance[] = [];
    return new ConsulWatch(client, path, {
      onChange: (body) => {
        known = readInstances(body);
        this.report(host, known);
      },
      onLost: (reason) => this.lose(host, reason),
      onFound: () => {
        this.report(host, known);
        if (this.discovery.registryIsUp) this.logger.log('Consul answers again');
      },
    });
  }

  private report(host: Component, instances: readonly Instance[]): void {
    this.discovery.found(host, instances);
    this.polled(host);
  }

  private lose(host: Component, reason: string): void {
    if (this.discovery.registryIsUp) {
      this.logger.warn(`Consul does not answer (${reason}); using the instances known last`);
    }
    this.discovery.sourceUnavailable(host);
    this.polled(host);
  }

  private polled(host: Component): void {
    this.notPolled.delete(host);
    if (this.notPolled.size === 0) this.allPolled();
  }
}

/** A service that others registered under the same name, without a port for calls, is not an instance. */
function readInstances(body: string | undefined): Instance[] {
  const entries = Entries.parse(JSON.parse(body ?? '[]'));
  return entries
    .map(({ Node, Service }) =>
      instanceAt({
        address: Service.Address || Node.Address,
        httpPort: Service.Port,
        rpcPort: Number(Service.Meta?.['rpcPort']),
      }),
    )
    .filter(({ httpPort, rpcPort }) => httpPort > 0 && rpcPort > 0);
}
