import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { Breakers } from './breakers.js';

/** Collected when metrics are scraped: an update at each call would cost more than the bulkhead. */
export const inFlightMetricProvider = makeGaugeProvider({
  name: 'bulkhead_in_flight',
  help: 'Calls and requests that are under way to each target',
  labelNames: ['target'],
  inject: [Breakers],
  collect(this: Gauge, breakers: Breakers) {
    for (const { target, inFlight } of breakers.all()) this.set({ target }, inFlight);
  },
});
