import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, mock } from 'node:test';
import { Redis } from 'ioredis';
import { CallDeadline } from '@fissile/kit/request';
import { brokerUrl, freePort, startBroker, until } from '@fissile/kit/testing';
import type { TransportSettings } from '../transport.settings.js';
import type { RpcClient } from '../rpc.js';
import { redisTransport } from './redis-transport.js';

const skip = brokerUrl('redis') === undefined;

describe('Calls over Redis', { skip }, () => {
  it('are served again after it was restarted and has lost everything', async () => {
    Logger.overrideLogger(false);
    const folder = mkdtempSync(join(tmpdir(), 'fissile-redis-'));
    const port = await freePort();
    let redis = await startBroker('redis', { port, folder });
    const transport = redisTransport(settingsFor(redis.url));
    const server = transport.serve(SERVING, async ({ body }) => body);
    await server.listen();
    const client = transport.connect(ALPHA, []);
    try {
      assert.equal(await call(client, 5_000), 'hello');
      await redis.stop();
      await until('the server is not connected', () => !server.isConnected());
      redis = await startBroker('redis', { port, folder });
      await until('calls are served again', () => call(client, 1_000).catch(() => undefined));
      await until('the server is connected', () => server.isConnected());
    } finally {
      await client.close();
      await server.close();
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('begin when the account of the process gets its permissions, and the log says what it lacked', async () => {
    const logged: string[] = [];
    const log = mock.method(Logger.prototype, 'error', (line: unknown) => void logged.push(String(line)));
    const redis = await startBroker('redis');
    const operator = new Redis(redis.url);
    await operator.call('ACL', 'SETUSER', 'alpha', 'on', '>secret', '+ping', '+info');
    const transport = redisTransport(settingsFor(redis.url.replace('//', '//alpha:secret@')));
    const server = transport.serve(SERVING, async ({ body }) => body);
    await server.listen();
    const client = transport.connect(ALPHA, []);
    try {
      await until('the server is not connected', () => !server.isConnected());
      await assert.rejects(call(client, 1_000));
      assert.match(logged.join('\n'), /No calls arrive: .*NOPERM/);
      assert.match(logged.join('\n'), /The account of this process may not hear answers of alpha: NOPERM/);
      await operator.call('ACL', 'SETUSER', 'alpha', '+@pubsub', '+set', '&*', '~*');
      await until('the server is connected', () => server.isConnected());
      assert.equal(await call(client, 5_000), 'hello');
    } finally {
      log.mock.restore();
      await client.close();
      await server.close();
      operator.disconnect();
      await redis.stop();
    }
  });
});

const ALPHA = { address: '', port: 0, context: 'alpha' };
const SERVING = { host: '127.0.0.1', port: 0, contexts: ['alpha'] as const, services: [] };

async function call(client: RpcClient, timeoutMs: number): Promise<string> {
  const cancellation = new CallDeadline(timeoutMs);
  const to = { context: 'alpha', service: 'Alpha', method: 'GetNote', metadata: {}, isIdempotent: false };
  const body = Buffer.from('hello');
  const answer = client.call({ ...to, body, timeoutMs, cancellation }).finally(() => cancellation.release());
  return Buffer.from(await answer).toString();
}

function settingsFor(url: string): TransportSettings {
  return {
    TRANSPORT: 'redis',
    GRPC_CALLS: 'stream',
    TRANSPORT_PREFIX: `t${randomUUID().slice(0, 8)}`,
    NATS_URL: '',
    RABBITMQ_URL: '',
    REDIS_URL: url,
    CALL_TIMEOUT_MS: 5_000,
    CALL_LIMIT_BYTES: 4 * 1024 * 1024,
    INTERNAL_AUTH_KEY: undefined,
    INTERNAL_AUTH_KEYS: undefined,
    INTERNAL_AUTH_SECRET: undefined,
  } as TransportSettings;
}
