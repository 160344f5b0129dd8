import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type BrokerName, brokerUrl, LossyProxy, until } from '@fissile/kit/testing';
import { CallDeadline } from '@fissile/kit/request';
import type { RpcClient, RpcHandler, RpcServer, RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { natsTransport } from './nats-transport.js';
import { redisTransport } from './redis-transport.js';

const ALPHA = { address: '', port: 0, context: 'alpha' };
const SERVING = { host: '127.0.0.1', port: 0, contexts: ['alpha'] as const, services: [] };
/** Longer than it takes to notice a loss, so that an answer does not come from the deadline. */
const DEADLINE_MS = 60_000;

const BROKERS: readonly (readonly [BrokerName, (settings: TransportSettings) => RpcTransport])[] = [
  ['nats', natsTransport],
  ['redis', redisTransport],
];

for (const [broker, transportOf] of BROKERS) {
  describe(`A call over ${broker}`, { skip: brokerUrl(broker) === undefined }, () => {
    /** Between the broker and who serves the calls. */
    let proxy: LossyProxy;
    let server: RpcServer;
    let client: RpcClient;
    let handler: RpcHandler;

    beforeEach(async () => {
      Logger.overrideLogger(false);
      const direct = brokerUrl(broker) ?? '';
      proxy = await LossyProxy.before(direct);
      const prefix = `t${randomUUID().slice(0, 8)}`;
      server = transportOf(settingsFor(prefix, proxy.url)).serve(SERVING, (call) => handler(call));
      await server.listen();
      client = transportOf(settingsFor(prefix, direct)).connect(ALPHA, []);
    });

    afterEach(async () => {
      await client.close();
      await server.close();
      await proxy.close();
    });

    async function call(isIdempotent: boolean): Promise<string> {
      const cancellation = new CallDeadline(DEADLINE_MS);
      const to = { context: 'alpha', service: 'Alpha', method: 'GetNote', metadata: {}, isIdempotent };
      const body = Buffer.from('hello');
      try {
        return Buffer.from(
          await client.call({ ...to, body, timeoutMs: DEADLINE_MS, cancellation }),
        ).toString();
      } finally {
        cancellation.release();
      }
    }

    /** The connection of who serves it ends once it has swallowed the call or its answer. */
    async function callAmidLoss(): Promise<string> {
      const answer = call(true);
      await until('something is lost', () => proxy.swallowed > 0);
      proxy.cut();
      return answer;
    }

    it('that is idempotent is sent again when it was lost on the way to who serves it', async () => {
      handler = async ({ body }) => body;
      await call(true);
      proxy.freeze();
      assert.equal(await callAmidLoss(), 'hello');
    });

    it('that is idempotent is answered although its answer was lost', async () => {
      let served = 0;
      handler = async ({ body }) => {
        served += 1;
        if (served === 1) proxy.freeze();
        return body;
      };
      assert.equal(await callAmidLoss(), 'hello');
    });

    it('is not sent again while an instance works on it', async () => {
      let served = 0;
      let finish: (body: Buffer) => void = () => undefined;
      handler = () => {
        served += 1;
        return new Promise((resolve) => (finish = resolve));
      };
      const asked = askedThrough(proxy);
      const answer = call(true);
      await until('an instance was asked twice', () => asked() >= 2);
      finish(Buffer.from('done'));
      assert.equal(await answer, 'done');
      assert.equal(served, 1);
    });

    if (broker === 'nats') {
      it('is asked about at a subject of its own each time: an account may answer at each but once', async () => {
        let finish: (body: Buffer) => void = () => undefined;
        handler = () => new Promise((resolve) => (finish = resolve));
        const answeredAt: string[] = [];
        proxy.loseAnswersTo(/PUB (\S+\.asked\S*) /, ([, subject = '']) => {
          answeredAt.push(subject);
          return false;
        });
        const answer = call(true);
        await until('an instance was asked twice', () => answeredAt.length >= 2);
        finish(Buffer.from('done'));
        await answer;
        assert.equal(new Set(answeredAt).size, answeredAt.length);
      });
    }

    it('that is not idempotent is answered when the connection of who serves it is there again', async () => {
      handler = async ({ body }) => {
        proxy.cut();
        await until('the connection is lost', () => !server.isConnected());
        return body;
      };
      assert.equal(await call(false), 'hello');
    });
  });
}

/** How often what passed the proxy has said that a call is under way. */
function askedThrough(proxy: LossyProxy): () => number {
  let count = 0;
  proxy.loseAnswersTo(/"underWay":true/, () => {
    count += 1;
    return false;
  });
  return () => count;
}

function settingsFor(prefix: string, url: string): TransportSettings {
  return {
    TRANSPORT_PREFIX: prefix,
    NATS_URL: url,
    REDIS_URL: url,
    CALL_TIMEOUT_MS: 5_000,
    CALL_LIMIT_BYTES: 4 * 1024 * 1024,
  } as TransportSettings;
}
