import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { CancellationToken } from '@fissile/kit/async';
import { type FrameSender, PacketClient } from './packet-client.js';

describe('A call over a client of packets', () => {
  it('ends with its caller although the connection is still being tried', async () => {
    const sent: string[] = [];
    const sender: FrameSender = {
      connect: () => new Promise(() => undefined),
      sendCall: ({ id }) => void sent.push(id),
      sendCancel: () => undefined,
      close: () => undefined,
    };
    const cancellation = new CancellationToken();
    const call = new PacketClient(() => sender).call({
      context: 'alpha',
      service: 'fissile.alpha.v1.Alpha',
      method: 'GetNote',
      body: new Uint8Array(),
      metadata: {},
      timeoutMs: 1_000,
      cancellation,
    });
    cancellation.cancel(ContextError.of('deadline_exceeded'));
    await assert.rejects(call, (error) => hasCode(error, 'deadline_exceeded'));
    assert.deepEqual(sent, []);
  });
});
