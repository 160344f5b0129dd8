import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { Product } from '@fissile/kit/contract';
import { Balancer } from './balancer.js';
import { Discovery } from './discovery.js';

export const discoveryMetricProviders = [
  makeGaugeProvider({
    name: 'discovery_instances',
    help: 'Instances of each context that this process knows of, and those of them that it leaves out for now',
    labelNames: ['context', 'state'],
    inject: [Balancer, Product],
    collect(this: Gauge, balancer: Balancer, { components }: Product) {
      for (const context of components) {
        const instances = balancer.describe(context);
        this.set({ context, state: 'known' }, instances.length);
        this.set({ context, state: 'ejected' }, instances.filter(({ ejected }) => ejected).length);
      }
    },
  }),
  makeGaugeProvider({
    name: 'discovery_registry_up',
    help: 'Whether the registry of instances responded to the last request (1) or the last known instances are used (0)',
    inject: [Discovery],
    collect(this: Gauge, discovery: Discovery) {
      this.set(discovery.registryIsUp ? 1 : 0);
    },
  }),
];
