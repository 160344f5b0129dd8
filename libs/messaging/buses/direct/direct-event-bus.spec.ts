import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ContextName, ContextError, type EventEnvelope } from '@fissile/kit/contract';
import { DirectEventBus } from './direct-event-bus.js';
import type { LocalEventBus } from '../local-event-bus.js';
import { RemoteInboxes } from './remote-inboxes.js';

class Listener extends RemoteInboxes {
  questions = 0;
  readonly delivered: string[] = [];
  answer = (): Promise<readonly string[]> => Promise.resolve(['alpha.happened.v1']);

  contexts(): readonly ContextName[] {
    return ['listener'];
  }

  handledTypes(): Promise<readonly string[]> {
    this.questions += 1;
    return this.answer();
  }

  async deliver(_context: ContextName, { id }: EventEnvelope): Promise<void> {
    this.delivered.push(id);
  }
}

describe('The bus of several processes without a broker', () => {
  const noLocalHandlers = { publish: async () => undefined } as unknown as LocalEventBus;
  const events = (type: string): EventEnvelope[] =>
    Array.from({ length: 50 }, (_, index) => ({
      specversion: '1.0',
      id: `${type} ${index}`,
      source: '/test',
      type,
      subject: 's',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: {},
    }));

  it('asks a context once what it handles, however many events are on their way', async () => {
    const listener = new Listener();
    const bus = new DirectEventBus(noLocalHandlers, listener);
    const happened = events('alpha.happened.v1');
    await Promise.all([...happened, ...events('beta.changed.v1')].map((event) => bus.publish(event)));
    assert.equal(listener.questions, 1);
    assert.deepEqual(
      listener.delivered,
      happened.map(({ id }) => id),
    );
  });

  it('asks again when there was no answer', async () => {
    const listener = new Listener();
    const bus = new DirectEventBus(noLocalHandlers, listener);
    listener.answer = () => Promise.reject(ContextError.of('unavailable'));
    const [event] = events('alpha.happened.v1');
    assert.ok(event);
    await assert.rejects(bus.publish(event), { code: 'unavailable' });
    listener.answer = () => Promise.resolve([event.type]);
    await bus.publish(event);
    assert.deepEqual(listener.delivered, [event.id]);
  });
});
