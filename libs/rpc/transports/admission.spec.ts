import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { afterEach, describe, it } from 'node:test';
import { CancellationToken } from '@fissile/kit/async';
import { loadSettings, settingsOf } from '@fissile/kit/config';
import { ContextError } from '@fissile/kit/contract';
import { INTERNAL_TOKEN } from '@fissile/kit/request';
import { freePort } from '@fissile/kit/testing';
import type { IncomingCall } from './rpc.js';
import { TransportSettings } from './transport.settings.js';
import { transportOf } from './transports.js';

const SERVICE = { name: 'Alpha', fullName: 'alpha.v1.Alpha', methods: ['Echo'] };
const LONG = 3 * 1024 * 1024;

describe('A server that admits who shows the right token', () => {
  const cleanUps: (() => unknown)[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  /** Serves and connects to it. */
  async function start(environment: Record<string, string>) {
    const loaded = loadSettings({ cwd: tmpdir(), readsYaml: false, environment });
    const transport = await transportOf(settingsOf(TransportSettings, loaded));
    const port = await freePort();
    const taken: IncomingCall[] = [];
    const admit = async (metadata: Readonly<Record<string, string>>): Promise<void> => {
      if (metadata[INTERNAL_TOKEN] !== 'good') throw ContextError.of('internal_port');
    };
    const serving = { host: '127.0.0.1', port, contexts: ['alpha'], services: [SERVICE], admit };
    const server = transport.serve(serving, async (call) => {
      await admit(call.metadata);
      taken.push(call);
      return call.body;
    });
    await server.listen();
    cleanUps.push(() => server.close());
    const connect = () => {
      const client = transport.connect({ address: '127.0.0.1', port, context: 'alpha' }, [SERVICE]);
      cleanUps.push(() => client.close());
      return async (token: string | undefined, length: number): Promise<number> => {
        const answer = await client.call({
          context: 'alpha',
          service: SERVICE.fullName,
          method: 'Echo',
          isIdempotent: false,
          body: Buffer.alloc(length, 'x'),
          metadata: token === undefined ? {} : { [INTERNAL_TOKEN]: token },
          timeoutMs: 20_000,
          cancellation: new CancellationToken(),
        });
        return answer.length;
      };
    };
    return { connect, taken, port };
  }

  for (const [how, environment] of [
    ['over TCP', { TRANSPORT: 'tcp' }],
    ['in a stream over gRPC', { TRANSPORT: 'grpc' }],
    ['by methods over gRPC', { TRANSPORT: 'grpc', GRPC_CALLS: 'unary' }],
  ] as const) {
    it(`takes long and short calls of one connection ${how}, as they come`, async () => {
      const { connect } = await start(environment);
      const call = connect();
      const lengths = [10, LONG, 20, LONG + 1, 70_000, 30];
      const answers = await Promise.all(lengths.map((length) => call('good', length)));
      assert.deepEqual(answers, lengths);
    });

    it(`takes no long call of who has none ${how}, and goes on to serve others`, async () => {
      const { connect, taken } = await start(environment);
      const good = connect();
      assert.equal(await good('good', 10), 10);
      for (const token of ['bad', undefined]) {
        const stranger = connect();
        await assert.rejects(stranger(token, 10), { code: 'internal_port' });
        await assert.rejects(stranger(token, LONG), ContextError);
      }
      assert.equal(await good('good', LONG), LONG);
      assert.equal(taken.length, 2);
    });
  }

  const ownServices = {
    'health service': ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch'],
    reflection: ['v1', 'v1alpha'].map(
      (version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    ),
  };
  for (const [name, paths] of Object.entries(ownServices)) {
    it(`takes no long message in the ${name} of gRPC, plain or compressed, as nobody has to show a token there`, async () => {
      const { port } = await start({ TRANSPORT: 'grpc' });
      for (const path of paths) {
        assert.notEqual(await codeOf(port, path, 1000), status.RESOURCE_EXHAUSTED);
        assert.equal(await codeOf(port, path, LONG), status.RESOURCE_EXHAUSTED);
        assert.equal(await codeOf(port, path, LONG, 'gzip'), status.RESOURCE_EXHAUSTED);
      }
    });
  }
});

/** The status of a call with a message of that length; OK when it gets an answer. */
function codeOf(port: number, path: string, length: number, encoding?: 'gzip'): Promise<status> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.default_compression_algorithm': encoding === 'gzip' ? 2 : 0,
  });
  const call = client.makeBidiStreamRequest(path, asItIs, asItIs);
  return new Promise<status>((resolve) => {
    call.on('data', () => resolve(status.OK));
    call.on('error', ({ code }: ServiceError) => resolve(code));
    call.end(Buffer.alloc(length, 'x'));
  }).finally(() => {
    call.cancel();
    client.close();
  });
}

const asItIs = (bytes: Buffer): Buffer => bytes;
