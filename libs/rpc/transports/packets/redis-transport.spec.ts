import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { CallDeadline } from '@fissile/kit/request';
import { brokerUrl, freePort, startBroker, until } from '@fissile/kit/testing';
import type { TransportSettings } from '../transport.settings.js';
import { redisTransport } from './redis-transport.js';

const skip = brokerUrl('redis') === undefined;

it('Calls over Redis are served again after it was restarted and has lost everything', { skip }, async () => {
  Logger.overrideLogger(false);
  const folder = mkdtempSync(join(tmpdir(), 'fissile-redis-'));
  const port = await freePort();
  let redis = await startBroker('redis', { port, folder });
  const transport = redisTransport({
    TRANSPORT: 'redis',
    GRPC_CALLS: 'stream',
    TRANSPORT_PREFIX: `t${randomUUID().slice(0, 8)}`,
    NATS_URL: '',
    RABBITMQ_URL: '',
    REDIS_URL: redis.url,
    CALL_TIMEOUT_MS: 5_000,
    CALL_LIMIT_BYTES: 4 * 1024 * 1024,
    INTERNAL_AUTH_KEY: undefined,
    INTERNAL_AUTH_KEYS: undefined,
    INTERNAL_AUTH_SECRET: undefined,
  } as TransportSettings);
  const serving = { host: '127.0.0.1', port: 0, contexts: ['alpha'] as const, services: [] };
  const server = transport.serve(serving, async ({ body }) => body);
  await server.listen();
  const client = transport.connect({ address: '', port: 0, context: 'alpha' }, []);
  const call = async (timeoutMs: number) => {
    const cancellation = new CallDeadline(timeoutMs);
    const to = { context: 'alpha', service: 'Alpha', method: 'GetNote', metadata: {} };
    const body = Buffer.from('hello');
    return client.call({ ...to, body, timeoutMs, cancellation }).finally(() => cancellation.release());
  };
  try {
    assert.equal(Buffer.from(await call(5_000)).toString(), 'hello');
    await redis.stop();
    await until('the server is not connected', () => !server.isConnected());
    redis = await startBroker('redis', { port, folder });
    await until('calls are served again', () => call(1_000).catch(() => undefined));
    await until('the server is connected', () => server.isConnected());
  } finally {
    await client.close();
    await server.close();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
