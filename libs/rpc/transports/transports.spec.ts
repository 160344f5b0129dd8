import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ContextError } from '@fissile/kit/contract';
import { type BrokerName, brokerUrl, freePort, TraceRecorder, until } from '@fissile/kit/testing';
import { inSpan, type SpanDescription, traceOf } from '@fissile/kit/observability';
import { CallDeadline } from '@fissile/kit/request';
import { CancellationToken } from '@fissile/kit/async';
import type { IncomingCall, RpcClient, RpcHandler, RpcServer, RpcTransport } from './rpc.js';
import {
  type GrpcCalls,
  TRANSPORTS,
  type TransportName,
  type TransportSettings,
} from './transport.settings.js';
import { transportOf } from './transports.js';

const SERVICE = { name: 'Alpha', fullName: 'fissile.alpha.v1.Alpha', methods: ['GetNote'] };
const BAGGAGE = 'tenant=a%20b;ttl=30,tier=gold';
const NEEDS: Partial<Record<TransportName, BrokerName>> = { nats: 'nats', rmq: 'rabbitmq', redis: 'redis' };

interface Protocol {
  readonly name: TransportName;
  readonly calls?: GrpcCalls;
}

const WAYS: readonly Protocol[] = [...TRANSPORTS.map((name) => ({ name })), { name: 'grpc', calls: 'unary' }];

for (const { name, calls = 'stream' } of WAYS) {
  const broker = NEEDS[name];
  const skip = broker !== undefined && brokerUrl(broker) === undefined;

  describe(`Calls over ${name}${calls === 'unary' ? ', each by itself' : ''}`, { skip }, () => {
    let transport: RpcTransport;
    let port: number;
    let server: RpcServer;
    let client: RpcClient;
    let handler: RpcHandler;

    before(async () => {
      Logger.overrideLogger(false);
      port = await freePort();
      transport = await transportOf(settingsFor(name));
      server = await listen(transport, port, (call) => handler(call));
      client = transport.connect({ address: '127.0.0.1', port, context: 'alpha' }, [SERVICE]);
    });

    after(async () => {
      await client.close();
      await server.close();
    });

    async function call(
      body = Buffer.from('hello'),
      timeoutMs = 5_000,
      leave?: CancellationToken,
      metadata: Record<string, string> = {},
    ) {
      const deadline = new CallDeadline(timeoutMs, leave ? { cancellation: leave } : {});
      try {
        const answer = await client.call({
          context: 'alpha',
          service: SERVICE.fullName,
          method: 'GetNote',
          isIdempotent: false,
          body,
          metadata: { 'x-fissile-context': 'alpha', 'x-request-id': 'r-1', baggage: BAGGAGE, ...metadata },
          timeoutMs: deadline.remainingMs,
          cancellation: deadline,
        });
        return Buffer.from(answer);
      } finally {
        deadline.release();
      }
    }

    it('carry bytes, names and metadata as they are', async () => {
      let seen: IncomingCall | undefined;
      const begun = Date.now();
      handler = async (incoming) => {
        seen = incoming;
        return Buffer.from([0, 255, 128, 10]);
      };
      assert.deepEqual(await call(Buffer.from([1, 0, 200, 35])), Buffer.from([0, 255, 128, 10]));
      assert.ok(seen);
      assert.deepEqual(Buffer.from(seen.body), Buffer.from([1, 0, 200, 35]));
      assert.equal(seen.service, SERVICE.fullName);
      assert.equal(seen.method, 'GetNote');
      assert.equal(seen.context, 'alpha');
      assert.equal(seen.metadata['x-request-id'], 'r-1');
      assert.equal(seen.metadata['baggage'], BAGGAGE);
      const timeoutMs = Number(seen.timeoutMs);
      assert.ok(timeoutMs >= 4_999 - (Date.now() - begun) && timeoutMs <= 5_000, `${timeoutMs} are left`);
    });

    it('belong to the trace of who makes them, near and far', async () => {
      const recorder = await TraceRecorder.start();
      try {
        handler = ({ metadata, body }) =>
          inSpan({ ...spanOf('server'), startedBy: metadata }, async () => body);
        await inSpan(spanOf('client'), () => {
          const { traceparent = '' } = traceOf({ requestId: 'r', traceId: '' });
          return call(Buffer.from('x'), 5_000, undefined, { traceparent, tracestate: 'them=1' });
        });
        const [served, made] = await until('both have ended', () => {
          const { spans } = recorder;
          return spans.length === 2 && [...spans].sort((one, other) => other.kind - one.kind).reverse();
        });
        assert.equal(served?.parentSpanContext?.spanId, made?.spanContext().spanId);
        assert.equal(served?.spanContext().traceId, made?.spanContext().traceId);
        assert.equal(served?.spanContext().traceState?.serialize(), 'them=1');
      } finally {
        recorder.stop();
      }
    });

    it('carry empty messages and large ones', async () => {
      handler = async ({ body }) => body;
      assert.equal((await call(Buffer.alloc(0))).length, 0);
      const large = Buffer.alloc(600_000, 'ä');
      assert.deepEqual(await call(large), large);
    });

    it('keep many at a time apart', async () => {
      handler = async ({ body }) => {
        await new Promise((resolve) => setImmediate(resolve));
        return body;
      };
      const bodies = Array.from({ length: 200 }, (_, index) => Buffer.from(`call ${index}`));
      assert.deepEqual(await Promise.all(bodies.map((body) => call(body))), bodies);
    });

    it('tell promised errors with their code, status and details', async () => {
      handler = async () => Promise.reject(ContextError.of('saga_ended', 'None: ½ left', { slotId: 's' }));
      await assert.rejects(call(), (error) => {
        assert.ok(error instanceof ContextError);
        assert.deepEqual(error.toRecord(), {
          code: 'saga_ended',
          message: 'None: ½ left',
          status: 409,
          retryable: false,
          details: { slotId: 's' },
        });
        return true;
      });
    });

    it('keep a code that this side does not know, and show nothing of any other error', async () => {
      const unknown = { code: 'from_the_future', message: 'm', status: 418, retryable: true, details: {} };
      handler = async () => Promise.reject(ContextError.fromRecord(unknown));
      await assert.rejects(call(), unknown);
      handler = async () => Promise.reject(new Error('password=hunter2'));
      await assert.rejects(call(), { code: 'internal_error', message: 'Internal server error' });
    });

    it('end at the deadline, whatever the other side does', async () => {
      handler = () => new Promise(() => undefined);
      await assert.rejects(call(Buffer.from('x'), 60), { code: 'deadline_exceeded' });
    });

    it('are called off on the other side when the caller leaves', async () => {
      let incoming: IncomingCall | undefined;
      handler = (arrived) => {
        incoming = arrived;
        return new Promise(() => undefined);
      };
      const leave = new CancellationToken();
      const waiting = call(Buffer.from('x'), 30_000, leave);
      await until('the call has arrived', () => incoming);
      leave.cancel(ContextError.of('cancelled'));
      await assert.rejects(waiting, { code: 'cancelled' });
      await until('the other side has been told', () => incoming?.cancellation.reason);
    });

    if (broker !== undefined) {
      it('go to another instance from when one stops, which finishes what it has', async () => {
        const finish = new CancellationToken();
        let begun = false;
        handler = () => {
          begun = true;
          return new Promise((resolve) => finish.onCancel(() => resolve(Buffer.from('the first'))));
        };
        const underWay = call(Buffer.from('x'), 30_000);
        await until('it has begun', () => begun);
        await server.stopReceiving?.();
        const other = await listen(transport, port, async () => Buffer.from('the other'));
        try {
          const answers = await Promise.all(Array.from({ length: 20 }, () => call()));
          assert.deepEqual([...new Set(answers.map(String))], ['the other']);
          finish.cancel(ContextError.of('cancelled'));
          assert.equal(String(await underWay), 'the first');
        } finally {
          await Promise.all([server.close(), other.close()]);
          server = await listen(transport, port, (incoming) => handler(incoming));
        }
      });
    }

    // Over the other transports, the caller chooses the instance.
    const sharing = 'are shared by the instances of a context, each served by one alone';
    if (broker !== undefined) {
      it(sharing, async () => {
        const served: string[] = [];
        const serve =
          (instance: string): RpcHandler =>
          async ({ body }) => {
            served.push(`${instance} ${Buffer.from(body)}`);
            return body;
          };
        handler = serve('first');
        const second = await listen(transport, port, serve('second'));
        let made = 0;
        await until('both have served some', async () => {
          await Promise.all(Array.from({ length: 20 }, () => call(Buffer.from(`call ${(made += 1)}`))));
          return new Set(served.map((line) => line.split(' ')[0])).size === 2;
        });
        await second.close();
        assert.equal(served.length, made);
        assert.equal(new Set(served.map((line) => line.slice(line.indexOf(' ')))).size, made);
      });
    }

    it('fail as unavailable, or at the deadline, while nobody serves, and go on when somebody does', async () => {
      handler = async ({ body }) => body;
      await call();
      await server.close();
      // RabbitMQ keeps the call in its queue until it expires.
      const code = name === 'rmq' ? 'deadline_exceeded' : 'unavailable';
      await assert.rejects(call(Buffer.from('x'), name === 'rmq' ? 300 : 5_000), { code });
      server = await listen(transport, port, (incoming) => handler(incoming));
      await until('calls are served again', () => call(Buffer.from('again')).catch(() => undefined));
    });
  });

  function settingsFor(transport: TransportName): TransportSettings {
    return {
      TRANSPORT: transport,
      GRPC_CALLS: calls,
      TRANSPORT_PREFIX: `t${randomUUID().slice(0, 8)}`,
      NATS_URL: brokerUrl('nats') ?? '',
      RABBITMQ_URL: brokerUrl('rabbitmq') ?? '',
      REDIS_URL: brokerUrl('redis') ?? '',
      CALL_TIMEOUT_MS: 5_000,
      CALL_LIMIT_BYTES: 4 * 1024 * 1024,
      INTERNAL_AUTH_KEY: undefined,
      INTERNAL_AUTH_KEYS: undefined,
      INTERNAL_AUTH_SECRET: undefined,
    } as TransportSettings;
  }
}

function spanOf(kind: 'client' | 'server'): SpanDescription {
  return { name: kind, kind, attributes: {} };
}

async function listen(transport: RpcTransport, port: number, handler: RpcHandler): Promise<RpcServer> {
  const serving = { host: '127.0.0.1', port, contexts: ['alpha'] as const, services: [SERVICE] };
  const server = transport.serve(serving, handler);
  await server.listen();
  return server;
}
