import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import type { EventEnvelope } from '@fissile/kit/contract';
import { BrokerSecret } from '@fissile/kit/rpc';
import type { Subscriber } from './event-bus.js';
import { EventSignatures } from './event-signatures.js';
import { VerifiedSubscriber } from './verified-subscriber.js';

const SECRET = 'a-secret-of-enough-characters-for-a-product';

const ENVELOPE: EventEnvelope = {
  specversion: '1.0',
  id: '019a0000-0000-7000-8000-000000000001',
  source: '/alpha',
  type: 'tests.happened.v1',
  subject: 'a',
  time: '2030-01-01T00:00:00Z',
  datacontenttype: 'application/json',
  traceparent: undefined,
  data: { 10: 'ten', 2: 'two', text: 'é\u2028', number: 1.5e300, deep: [{ empty: {} }] },
};

function subscriberWith(stage: 'accept' | 'require', secret = SECRET) {
  const internal = new BrokerSecret(() => secret);
  const signatures = new EventSignatures(internal, { BROKER_MESSAGES: stage }, new Set(['/alpha', '/beta']));
  const received: string[] = [];
  const refused: string[] = [];
  const inner: Subscriber = {
    context: 'beta',
    handledEventNames: () => ['tests.happened'],
    deliver: async () => undefined,
    receive: async (message) => void received.push(message),
    deadLetterMessage: async (message) => void received.push(message),
    refuse: async (_message, reason) => void refused.push(reason),
  };
  return { internal, signatures, received, refused, subscriber: new VerifiedSubscriber(inner, signatures) };
}

describe('An event that goes through a broker', () => {
  afterEach(() => mock.restoreAll());

  const signed = JSON.stringify(subscriberWith('require').signatures.sign(ENVELOPE));

  it('is handed on as its publisher has signed it', async () => {
    const { subscriber, signatures, received, refused } = subscriberWith('require');
    await subscriber.receive(signed);
    await subscriber.deadLetterMessage?.(signed, 'it was given up');
    const other = JSON.stringify(signatures.sign({ ...ENVELOPE, source: '/beta' }));
    await subscriber.receive(other);
    assert.deepEqual([received, refused], [[signed, signed, other], []]);
  });

  it('is refused, counted and logged when it is forged, changed, of another source, or not signed', async () => {
    const error = mock.method(Logger.prototype, 'error', () => undefined);
    const { subscriber, received, refused, internal } = subscriberWith('require');
    const { signature, ...rest } = JSON.parse(signed) as Record<string, unknown>;
    const stranger = subscriberWith('require', 'another-secret-of-enough-characters').signatures;
    const forged = [
      stranger.sign(ENVELOPE),
      { ...rest, data: { text: 'changed' }, signature },
      { ...rest, source: '/beta', signature },
      { ...rest, source: '/gamma', signature },
      { ...rest, more: 1, signature },
      { ...rest, signature: '' },
    ];
    for (const message of forged) await subscriber.receive(JSON.stringify(message));
    await subscriber.receive(JSON.stringify(rest));
    await subscriber.deadLetterMessage?.(JSON.stringify(rest), 'it was given up');
    assert.deepEqual(received, []);
    assert.equal(refused.length, forged.length + 2);
    assert.equal(internal.refused.countOf('event', 'forged'), forged.length);
    assert.equal(internal.refused.countOf('event', 'unsigned'), 2);
    assert.equal(error.mock.callCount(), 2);
  });

  it('is refused under the name of an event of another type, which its sender may publish', async () => {
    mock.method(Logger.prototype, 'error', () => undefined);
    const { subscriber, received, refused } = subscriberWith('require');
    await subscriber.receive(signed, 'tests.other.v1');
    await subscriber.receive(signed, '');
    assert.deepEqual([received, refused.length], [[], 2]);
    await subscriber.receive(signed, ENVELOPE.type);
    assert.deepEqual(received, [signed]);
  });

  it('may be without a signature while older processes run, and not with a wrong one', async () => {
    mock.method(Logger.prototype, 'error', () => undefined);
    const { subscriber, received } = subscriberWith('accept');
    const unsigned = JSON.stringify(ENVELOPE);
    await subscriber.receive(unsigned);
    await subscriber.receive(JSON.stringify({ ...ENVELOPE, signature: 'v1=AAAA' }));
    assert.deepEqual(received, [unsigned]);
  });
});
