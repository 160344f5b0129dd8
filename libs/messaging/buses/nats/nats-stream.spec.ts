import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { NatsStream } from './nats-stream.js';

describe('The stream of events in NATS', () => {
  let isThere: boolean;
  let stream: NatsStream;
  const add = mock.fn(async () => undefined);

  const manager = {
    streams: {
      info: async () => {
        if (!isThere) throw missing();
      },
      add,
    },
  } as unknown as JetStreamManager;

  beforeEach(() => {
    isThere = false;
    add.mock.resetCalls();
    stream = new NatsStream('test');
  });

  /** A process that has used it finds it missing. */
  async function declareThenDelete(): Promise<void> {
    isThere = true;
    await stream.declare(manager);
    isThere = false;
  }

  it('is made at once by a process that starts, and left alone when it is there', async () => {
    await stream.declare(manager);
    assert.equal(add.mock.callCount(), 1);
    isThere = true;
    await new NatsStream('test').declare(manager);
    await stream.declare(manager);
    assert.equal(add.mock.callCount(), 1);
  });

  it('is not made again at once: NATS may still end the consumers of the one that was deleted', async () => {
    await declareThenDelete();
    const declared = stream.declare(manager);
    await nextTurn();
    assert.equal(add.mock.callCount(), 0);
    await declared;
    assert.equal(add.mock.callCount(), 1);
  });

  it('is not made again when another process has made it meanwhile', async () => {
    await declareThenDelete();
    const declared = stream.declare(manager);
    await nextTurn();
    isThere = true;
    await declared;
    assert.equal(add.mock.callCount(), 0);
  });
});

function missing(): JetStreamApiError {
  return new JetStreamApiError({
    code: 404,
    err_code: JetStreamApiCodes.StreamNotFound,
    description: 'none',
  });
}
