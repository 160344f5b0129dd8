import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ContextName, ContextError, type EventEnvelope } from '#libs/contracts';
import { DirectEventBus } from './direct-event-bus.js';
import type { LocalEventBus } from './local-event-bus.js';
import { RemoteInboxes } from './remote-inboxes.js';

class Notifications extends RemoteInboxes {
  questions = 0;
  readonly delivered: string[] = [];
  answer = (): Promise<readonly string[]> => Promise.resolve(['orders.confirmed.v1']);

  contexts(): readonly ContextName[] {
    return ['notifications'];
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
  const nobodyHere = { publish: async () => undefined } as unknown as LocalEventBus;
  const events = (type: string): EventEnvelope[] =>
    Array.from({ length: 50 }, (_, index) => ({
      ...{ specversion: '1.0', id: `${type} ${index}`, source: '/test', type, subject: 's' },
      ...{ time: new Date().toISOString(), datacontenttype: 'application/json', data: {} },
    }));

  it('asks a context once what it handles, however many events are on their way', async () => {
    const notifications = new Notifications();
    const bus = new DirectEventBus(nobodyHere, notifications);
    const confirmed = events('orders.confirmed.v1');
    await Promise.all([...confirmed, ...events('products.changed.v1')].map((event) => bus.publish(event)));
    assert.equal(notifications.questions, 1);
    assert.deepEqual(
      notifications.delivered,
      confirmed.map(({ id }) => id),
    );
  });

  it('asks again when there was no answer', async () => {
    const notifications = new Notifications();
    const bus = new DirectEventBus(nobodyHere, notifications);
    notifications.answer = () => Promise.reject(ContextError.of('unavailable'));
    const [event] = events('orders.confirmed.v1');
    assert.ok(event);
    await assert.rejects(bus.publish(event), { code: 'unavailable' });
    notifications.answer = () => Promise.resolve([event.type]);
    await bus.publish(event);
    assert.deepEqual(notifications.delivered, [event.id]);
  });
});
