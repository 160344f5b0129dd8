import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ContextError, hasCode } from '#libs/contracts';
import { Ending } from '../ending.js';
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
    const ending = new Ending();
    const call = new PacketClient(() => sender).call({
      ...{ context: 'orders', service: 'fissile.orders.v1.Orders', method: 'GetOrder' },
      ...{ body: new Uint8Array(), metadata: {}, timeoutMs: 1_000, ending },
    });
    ending.end(ContextError.of('deadline_exceeded'));
    await assert.rejects(call, (error) => hasCode(error, 'deadline_exceeded'));
    assert.deepEqual(sent, []);
  });
});
