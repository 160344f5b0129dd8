import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { BrokerSecret } from './broker-secret.js';
import { MESSAGE_KINDS, REFUSAL_REASONS } from './refused-messages.js';

export const refusedMessagesMetricProvider = makeCounterProvider({
  name: 'broker_messages_refused_total',
  help: 'Events, calls and answers from a broker that no process of the product can be shown to have sent, by the reason: forged or unsigned',
  labelNames: ['kind', 'reason'],
  inject: [BrokerSecret],
  collect(this: Counter, { refused }: BrokerSecret) {
    this.reset();
    for (const kind of MESSAGE_KINDS)
      for (const reason of REFUSAL_REASONS) this.inc({ kind, reason }, refused.countOf(kind, reason));
  },
});
