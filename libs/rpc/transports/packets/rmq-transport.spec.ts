import { Logger } from '@nestjs/common';
import { type ChannelModel, connect } from 'amqplib';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { CallDeadline } from '@fissile/kit/request';
import { brokerUrl, until } from '@fissile/kit/testing';
import type { RpcServer, RpcTransport } from '../rpc.js';
import { callPattern } from './packet.js';
import type { TransportSettings } from '../transport.settings.js';
import { rmqTransport } from './rmq-transport.js';

const url = brokerUrl('rabbitmq');

const QUEUE = { durable: true, arguments: { 'x-expires': 3_600_000 } };

describe('Calls over RabbitMQ', { skip: !url }, () => {
  let prefix: string;
  let transport: RpcTransport;
  let server: RpcServer;
  let connection: ChannelModel;
  const serving = { host: '127.0.0.1', port: 0, contexts: ['alpha'] as const, services: [] };

  beforeEach(async () => {
    assert.ok(url);
    Logger.overrideLogger(false);
    prefix = `t${randomUUID().slice(0, 8)}`;
    transport = rmqTransport({
      TRANSPORT: 'rmq',
      GRPC_CALLS: 'stream',
      TRANSPORT_PREFIX: prefix,
      NATS_URL: '',
      RABBITMQ_URL: url,
      REDIS_URL: '',
      CALL_TIMEOUT_MS: 5_000,
      CALL_LIMIT_BYTES: 4 * 1024 * 1024,
      INTERNAL_AUTH_KEY: undefined,
      INTERNAL_AUTH_KEYS: undefined,
      INTERNAL_AUTH_SECRET: undefined,
    } as TransportSettings);
    server = transport.serve(serving, async ({ body }) => body);
    await server.listen();
    connection = await connect(url);
  });

  afterEach(async () => {
    await connection.close();
    await server.close();
  });

  it('go through a queue of a kind that it goes on to permit', async () => {
    const channel = await connection.createChannel();
    // RabbitMQ would refuse a second declaration with a different durability or different arguments.
    const { consumerCount } = await channel.assertQueue(callPattern(prefix, 'alpha'), QUEUE);
    assert.equal(consumerCount, 1, 'it is the queue that the server hears');
  });

  it('are served again when the queue was deleted, and fail at once while there is none', async () => {
    const client = transport.connect({ address: '', port: 0, context: 'alpha' }, []);
    const deadline = new CallDeadline(60_000);
    const call = async () => {
      const body = await client.call({
        context: 'alpha',
        service: 'Alpha',
        method: 'GetNote',
        isIdempotent: false,
        body: Buffer.from('hello'),
        metadata: {},
        timeoutMs: 60_000,
        cancellation: deadline,
      });
      return Buffer.from(body).toString();
    };
    try {
      assert.equal(await call(), 'hello');
      const channel = await connection.createChannel();
      await channel.deleteQueue(callPattern(prefix, 'alpha'));
      // No call may wait for an answer that cannot come: they have a minute.
      await until('it is served again', () => call().catch(() => undefined));
      assert.equal(server.isConnected(), true);
      await server.close();
      await channel.deleteQueue(callPattern(prefix, 'alpha'));
      await assert.rejects(call(), { code: 'unavailable' });
    } finally {
      deadline.release();
      await client.close();
    }
  });
});
