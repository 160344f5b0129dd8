import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { InternalTokens } from './internal-tokens.js';
import { TRUST_FAILURES } from './trust-failures.js';

export const trustMetricProvider = makeCounterProvider({
  name: 'internal_trust_failures_total',
  help: 'Calls and requests of other processes of the product that this one refused, by the reason: skew of clocks, another secret, an unknown key, or a caller that the method does not have; and those of this one that another process refused',
  labelNames: ['reason'],
  inject: [InternalTokens],
  collect(this: Counter, { failures }: InternalTokens) {
    this.reset();
    for (const reason of TRUST_FAILURES) this.inc({ reason }, failures.countOf(reason));
  },
});
