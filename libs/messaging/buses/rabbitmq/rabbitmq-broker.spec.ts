import { connect } from 'amqplib';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { brokerUrl, clearBroker, until } from '@fissile/kit/testing';
import type { Subscriber } from '../event-bus.js';
import { rabbitmqBroker } from './rabbitmq-broker.js';

const url = brokerUrl('rabbitmq');

describe('A message in a queue of RabbitMQ', { skip: url === undefined }, () => {
  it('was sent as the event that the exchange let its sender publish, or as none by who went around it', async () => {
    const prefix = `t${randomBytes(4).toString('hex')}`;
    const RABBITMQ_URL = url ?? '';
    const sentAs: (string | undefined)[] = [];
    const subscriber: Subscriber = {
      context: 'alpha',
      handledEventNames: () => ['tests.happened'],
      deliver: async () => undefined,
      receive: async (_message, type) => void sentAs.push(type),
      deadLetterMessage: async () => void sentAs.push('dead'),
    };
    const broker = rabbitmqBroker({ settings: { RABBITMQ_URL }, prefix, subscriptions: new Map() });
    const session = await broker.open([subscriber]);
    const sender = await connect(RABBITMQ_URL);
    try {
      const channel = await sender.createConfirmChannel();
      channel.publish(`${prefix}.events`, 'tests.happened.v2', Buffer.from('{}'));
      channel.sendToQueue(`${prefix}.events.alpha`, Buffer.from('{}'), { type: 'tests.happened.v2' });
      channel.publish(`${prefix}.events.dead`, 'alpha', Buffer.from('{}'));
      channel.sendToQueue(`${prefix}.events.alpha.dead`, Buffer.from('{}'));
      await until('all have arrived', () => sentAs.length === 4);
      assert.deepEqual(sentAs.sort(), ['', '', 'dead', 'tests.happened.v2']);
    } finally {
      await sender.close();
      await session.close();
      await clearBroker('rabbitmq', RABBITMQ_URL, prefix, ['alpha']);
    }
  });
});
