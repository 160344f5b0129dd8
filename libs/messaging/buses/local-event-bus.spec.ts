import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventEnvelope } from '@fissile/kit/contract';
import type { Subscriber } from './event-bus.js';
import { LocalEventBus } from './local-event-bus.js';

describe('The bus inside a process', () => {
  const event = { source: '/alpha', type: 'alpha.happened.v1' } as EventEnvelope;
  const subscriber = (context: string, name = 'alpha.happened'): Subscriber => ({
    context,
    handledEventNames: () => [name],
    deliver: async () => undefined,
    receive: async () => undefined,
  });

  it('reports once to each context what it is given, and nothing that it does not handle', async () => {
    const bus = new LocalEventBus();
    const reported: string[] = [];
    bus.reportTo((source, context) => reported.push(`${source} to ${context}`));
    for (const context of ['beta', 'beta', 'gamma']) bus.subscribe(subscriber(context));
    bus.subscribe(subscriber('delta', 'alpha.ended'));
    await bus.publish(event);
    assert.deepEqual(reported, ['alpha to beta', 'alpha to gamma']);
    await bus.publishTo('gamma', event);
    assert.equal(reported.at(-1), 'alpha to gamma');
    assert.equal(reported.length, 3);
  });
});
