import { JetStreamError, type JsMsg } from '@nats-io/jetstream';
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { until } from '@fissile/kit/testing';
import type { Subscriber } from '../event-bus.js';
import { NatsConsumer, type Source } from './nats-consumer.js';

const SILENCE = new JetStreamError('heartbeats missed');

describe('A consumer of NATS', () => {
  let consumer: NatsConsumer;
  let lost: string | undefined;
  let received: string[];
  /** How long the requests were open, in milliseconds. */
  let asked: (number | undefined)[];

  afterEach(() => consumer.close());

  /** Starts it with the answers to its first requests; none brings an event after them. */
  function start(answers: readonly (Error | JsMsg | null)[], info: Source['info']): void {
    lost = undefined;
    received = [];
    asked = [];
    const subscriber: Subscriber = {
      context: 'alpha',
      handledEventNames: () => ['tests.happened'],
      receive: async (message) => void received.push(message),
      deliver: async () => undefined,
    };
    const next: Source['next'] = async (options) => {
      const answer = answers[asked.push(options?.expires) - 1];
      if (answer instanceof Error) throw answer;
      if (answer === undefined) await new Promise((turn) => setImmediate(turn));
      return answer ?? null;
    };
    const stream = { typeOf: (subject: string) => subject };
    consumer = new NatsConsumer({ next, info }, stream, subscriber, (reason) => (lost = reason));
  }

  it('goes on, and gives requests more time, when answers are late', async () => {
    start([SILENCE, SILENCE, eventOf('late')], async () => ({}) as never);
    await until(
      'the event is handled and requests are short again',
      () => asked.at(-1) === 1_000 && asked.length > 3,
    );
    assert.deepEqual(received, ['late']);
    assert.deepEqual(asked.slice(0, 5), [1_000, 2_000, 4_000, 2_000, 1_000]);
    assert.equal(lost, undefined);
  });

  it('never keeps a request open for longer than eight seconds', async () => {
    start(
      Array.from({ length: 6 }, () => SILENCE),
      async () => ({}) as never,
    );
    await until('answers come again', () => asked.length > 6);
    assert.equal(Math.max(...asked.map(Number)), 8_000);
  });

  it('is lost when it is silent because it is gone', async () => {
    start([SILENCE], () => Promise.reject(new Error('consumer not found')));
    await until('it is lost', () => lost !== undefined);
    assert.equal(lost, 'consumer not found');
  });

  it('is lost at once when the broker says that it is gone', async () => {
    start([new Error('stream deleted')], async () => assert.fail('it asks for what it knows'));
    await until('it is lost', () => lost !== undefined);
    assert.equal(lost, 'stream deleted');
  });
});

function eventOf(text: string): JsMsg {
  return {
    subject: 'tests.happened.v1',
    string: () => text,
    ack: () => undefined,
    nak: () => undefined,
    working: () => undefined,
  } as unknown as JsMsg;
}
