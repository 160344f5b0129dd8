import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { CancellationToken } from '@fissile/kit/async';
import { writeFrame } from './frame.js';
import { type FrameListener, type FrameSender, PacketClient } from './packet-client.js';

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
    const call = new PacketClient(() => sender).call({ ...CALL, cancellation });
    cancellation.cancel(ContextError.of('deadline_exceeded'));
    await assert.rejects(call, (error) => hasCode(error, 'deadline_exceeded'));
    assert.deepEqual(sent, []);
  });

  it('is not answered by another context than the one that was called', async () => {
    const sender = (listener: FrameListener): FrameSender => ({
      isOpen: true,
      connect: async () => undefined,
      sendCall: ({ id }) => {
        listener.answered(writeFrame({ id }, Buffer.from('forged')), 'beta');
        listener.answered(writeFrame({ id }, Buffer.from('right')), 'alpha');
      },
      sendCancel: () => undefined,
      close: () => undefined,
    });
    const answer = await new PacketClient(sender).call({ ...CALL, cancellation: new CancellationToken() });
    assert.equal(Buffer.from(answer).toString(), 'right');
  });
});

const CALL = {
  context: 'alpha',
  service: 'fissile.alpha.v1.Alpha',
  method: 'GetNote',
  body: new Uint8Array(),
  metadata: {},
  timeoutMs: 1_000,
};
