import { connect } from 'amqplib';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { brokerUrl } from '@fissile/kit/testing';
import { callPattern } from './packet.js';
import { rmqTransport } from './rmq-transport.js';

const url = brokerUrl('rabbitmq');

it('Calls over RabbitMQ go through a queue of a kind that it goes on to permit', { skip: !url }, async () => {
  assert.ok(url);
  const prefix = `t${randomUUID().slice(0, 8)}`;
  const transport = rmqTransport({
    TRANSPORT: 'rmq',
    GRPC_CALLS: 'stream',
    TRANSPORT_PREFIX: prefix,
    NATS_URL: '',
    RABBITMQ_URL: url,
    REDIS_URL: '',
    CALL_TIMEOUT_MS: 5_000,
    INTERNAL_AUTH_SECRET: undefined,
  });
  const serving = { host: '127.0.0.1', port: 0, contexts: ['alpha'] as const, services: [] };
  const server = transport.serve(serving, () => Promise.reject(new Error('nobody calls')));
  await server.listen();
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    // RabbitMQ would refuse a second declaration with a different durability or different arguments.
    const options = { durable: true, arguments: { 'x-expires': 3_600_000 } };
    const { consumerCount } = await channel.assertQueue(callPattern(prefix, 'alpha'), options);
    assert.equal(consumerCount, 1, 'it is the queue that the server hears');
  } finally {
    await connection.close();
    await server.close();
  }
});
