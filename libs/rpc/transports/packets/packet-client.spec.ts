import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { CancellationToken } from '@fissile/kit/async';
import { ASKED_AFTER_MS, SAID_WITHIN_MS } from './call-watch.js';
import { readFrame, writeFrame } from './frame.js';
import { AskPacket } from './packet.js';
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

describe('A call over a broker that may lose it', () => {
  let listener: FrameListener;
  let client: PacketClient;
  const calls: string[] = [];
  const asks: string[] = [];

  const sender: FrameSender = {
    isOpen: true,
    connect: async () => undefined,
    sendCall: ({ id }) => void calls.push(id),
    sendCancel: () => undefined,
    sendAsk: (_context, frame) => void asks.push(askedIn(frame)),
    close: () => undefined,
  };

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    client = new PacketClient((made) => {
      listener = made;
      return sender;
    });
    for (const list of [calls, asks]) list.length = 0;
  });

  afterEach(() => mock.timers.reset());

  const begin = (isIdempotent: boolean) =>
    client.call({ ...CALL, isIdempotent, cancellation: new CancellationToken() });
  const answer = (id = '', text = '') => listener.answered(writeFrame({ id }, Buffer.from(text)));

  it('is asked for, and sent again as another when no instance works on it; the first answer counts', async () => {
    const call = begin(true);
    mock.timers.tick(ASKED_AFTER_MS);
    assert.deepEqual(asks, calls);
    assert.equal(calls.length, 1);
    mock.timers.tick(SAID_WITHIN_MS);
    assert.equal(new Set(calls).size, 2);
    answer(calls[0], 'late');
    answer(calls[1], 'again');
    assert.equal(Buffer.from(await call).toString(), 'late');
    mock.timers.runAll();
    assert.equal(asks.length, 1, 'nobody is asked for a call that has ended');
  });

  it('is asked for less and less often while an instance works on it, and not sent again', async () => {
    const call = begin(true);
    for (let waitMs = ASKED_AFTER_MS, times = 1; times <= 3; waitMs *= 2, times += 1) {
      mock.timers.tick(waitMs - 1);
      assert.equal(asks.length, times - 1);
      mock.timers.tick(1);
      assert.equal(asks.length, times);
      listener.answered(writeFrame({ id: calls[0], underWay: true }));
    }
    answer(calls[0], 'done');
    assert.equal(Buffer.from(await call).toString(), 'done');
    assert.equal(calls.length, 1);
  });

  it('is neither asked for nor sent again when it is not idempotent', async () => {
    const call = begin(false);
    mock.timers.tick(60_000);
    answer(calls[0], 'done');
    await call;
    assert.deepEqual([calls.length, asks.length], [1, 0]);
  });
});

function askedIn(frame: Buffer): string {
  return AskPacket.parse(readFrame(frame)?.head).asked;
}

const CALL = {
  context: 'alpha',
  service: 'fissile.alpha.v1.Alpha',
  method: 'GetNote',
  body: new Uint8Array(),
  metadata: {},
  timeoutMs: 60_000,
  isIdempotent: false,
};
