import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { CallDeadline } from '@fissile/kit/request';
import { GrpcClient } from './grpc-client.js';
import { passOn } from './service-package.js';

const SERVICE = { name: 'Alpha', fullName: 'fissile.alpha.v1.Alpha', methods: ['GetNote', 'AddNote'] };
const METHOD = '/fissile.alpha.v1.Alpha/GetNote';

describe('A process that calls over gRPC', () => {
  /** Serves only the contract, as a program in another language does. */
  const stranger = new Server();
  let port: number;
  let client: GrpcClient;

  before(async () => {
    const echo = (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) =>
      answer(null, call.request);
    stranger.register(METHOD, echo, passOn, passOn, 'unary');
    port = await promisify(stranger.bindAsync.bind(stranger))(
      '127.0.0.1:0',
      ServerCredentials.createInsecure(),
    );
    client = connect(port);
  });

  after(async () => {
    await client.close();
    stranger.forceShutdown();
  });

  it('calls one by its methods that has no stream', async () => {
    assert.deepEqual(await callOf(client, 'hello'), Buffer.from('hello'));
    assert.deepEqual(await callOf(client, 'again'), Buffer.from('again'));
  });

  it('knows that one has begun nothing of a method that it does not have', async () => {
    await assert.rejects(callOf(client, 'hello', 'AddNote'), {
      code: 'unavailable',
      details: { notBegun: true },
    });
  });
});

function connect(port: number): GrpcClient {
  return new GrpcClient({ address: '127.0.0.1', port, context: 'alpha' }, [SERVICE], {
    calls: 'stream',
    limit: 64 * 1024,
    files: undefined,
  });
}

async function callOf(client: GrpcClient, text: string, method = 'GetNote'): Promise<Buffer> {
  const deadline = new CallDeadline(5_000);
  try {
    const answer = await client.call({
      context: 'alpha',
      service: SERVICE.fullName,
      method,
      isIdempotent: false,
      body: Buffer.from(text),
      metadata: {},
      timeoutMs: deadline.remainingMs,
      cancellation: deadline,
    });
    return Buffer.from(answer);
  } finally {
    deadline.release();
  }
}
