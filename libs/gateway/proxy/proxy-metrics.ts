import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { ContextProxy } from './context-proxy.js';

export const proxyMetricProviders = [
  makeGaugeProvider({
    name: 'proxy_connections',
    help: 'Connections that the gateway keeps to processes behind it, by whether they are in use',
    labelNames: ['state'],
    inject: [ContextProxy],
    collect(this: Gauge, proxy: ContextProxy) {
      const { connected, busy } = proxy.connections;
      this.set({ state: 'busy' }, busy);
      this.set({ state: 'idle' }, Math.max(0, connected - busy));
    },
  }),
  makeGaugeProvider({
    name: 'proxy_waiting_requests',
    help: 'Requests that wait in the gateway for a connection to a process behind it',
    inject: [ContextProxy],
    collect(this: Gauge, proxy: ContextProxy) {
      this.set(proxy.connections.waiting);
    },
  }),
];
