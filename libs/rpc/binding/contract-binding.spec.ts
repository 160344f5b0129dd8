import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ContextError, Operations } from '@fissile/kit/contract';
import { Alpha, Beta, type HoldRequest, NoteKind, toy } from '@fissile/kit/testing/toy';
import { CallDeadline, currentCall, runInCall } from '@fissile/kit/request';
import type { CancellationToken } from '@fissile/kit/async';
import type { TransportSettings } from '../transports/transport.settings.js';
import { ContractBinding } from './contract-binding.js';
import { ContractDispatch } from './contract-dispatch.js';
import { ContractRegistry } from './contract-registry.js';
import { RequestsUnderWay } from './requests-under-way.js';
import { FieldCopier, type MessageCopier, WireCopier } from './message-copier.js';
import { Placement } from '../placement.js';
import type { TopologySettings } from '../topology.settings.js';

for (const Copier of [WireCopier, FieldCopier]) {
  describe(`A contract bound to this process, copied by ${Copier.name}`, () => {
    before(() => Logger.overrideLogger(false));

    function bind(handlers: object) {
      const registry = new ContractRegistry();
      registry.add(Beta, 'beta', handlers as never);
      registry.add(Alpha, 'alpha', handlers as never);
      const binding = bindLocally(registry, new Copier());
      return {
        beta: binding.client(Beta, 'beta'),
        alpha: binding.client(Alpha, 'alpha'),
      };
    }

    it('passes copies, both ways', async () => {
      const kept: HoldRequest[] = [];
      const note = {
        id: 'n',
        text: 't',
        size: { amount: 2 ** 40, unit: 'byte' },
        kind: NoteKind.PLAIN,
        writtenAt: new Date(),
      };
      const { alpha, beta } = bind({
        hold: async (request: HoldRequest) => {
          kept.push(request);
          return {};
        },
        getNotes: async () => ({ notes: [note] }),
      });
      const request = { runId: 'r', slots: [{ slotId: 's', count: 1 }] };
      await beta.hold(request);
      request.slots.push({ slotId: 'q', count: 2 });
      assert.deepEqual(kept, [{ runId: 'r', slots: [{ slotId: 's', count: 1 }] }]);
      const answer = await alpha.getNotes({ noteIds: [] });
      assert.deepEqual(answer, { notes: [note] });
      assert.notEqual(answer.notes[0], note);
      assert.notEqual(answer.notes[0]?.size, note.size);
      assert.notEqual(answer.notes[0]?.writtenAt, note.writtenAt);
    });

    it('passes dates that neither side can change for the other', async () => {
      const writtenAt = new Date(1_000);
      const note = { id: 'n', text: 't', size: undefined, kind: NoteKind.PLAIN, writtenAt };
      const { alpha } = bind({ getNotes: async () => ({ notes: [note] }) });
      const { notes } = await alpha.getNotes({ noteIds: [] });
      const received = notes[0]?.writtenAt;
      writtenAt.setTime(2_000);
      assert.deepEqual(received, new Date(1_000));
      received?.setTime(3_000);
      assert.equal(writtenAt.getTime(), 2_000);
    });

    it('passes only the fields of the contract', async () => {
      let seen: unknown;
      const { beta } = bind({
        release: async (request: unknown) => {
          seen = request;
          return { secret: 'x' };
        },
      });
      assert.deepEqual(await beta.release({ runId: 'r', more: 1 } as never), {});
      assert.deepEqual(seen, { runId: 'r' });
    });

    it('passes on errors of the contract, and hides all others', async () => {
      const thrown = ContextError.of('saga_ended', 'None left', { slotId: 's' });
      const { beta } = bind({
        hold: async () => Promise.reject(thrown),
        release: async () => Promise.reject(new Error('password=hunter2')),
      });
      const error = await beta.hold({ runId: 'r', slots: [] }).catch((caught: unknown) => caught);
      assert.ok(error instanceof ContextError && error !== thrown);
      assert.deepEqual(error.toRecord(), thrown.toRecord());
      await assert.rejects(beta.release({ runId: 'r' }), {
        code: 'internal_error',
        message: 'Internal server error',
      });
    });

    it('is refused for others than the callers of the method, and for operators without an admin, as from elsewhere', async () => {
      const registry = new ContractRegistry();
      registry.add(Operations, 'beta', { discardDeadLetter: async () => ({}) } as never);
      const binding = bindLocally(registry, new Copier());
      const discard = (caller: string, roles?: readonly string[]) => {
        const operations = binding.client(Operations, 'beta', { caller });
        const user = roles && { userId: 'ada', sessionId: 's', roles };
        const call = { requestId: 'r', traceId: '0'.repeat(32), caller: user };
        return runInCall(call, () => operations.discardDeadLetter({ deadLetterId: 'd' }));
      };
      await assert.rejects(discard('alpha', ['admin']), { code: 'internal_error' });
      await assert.rejects(discard('gateway'), { code: 'unauthenticated' });
      await assert.rejects(discard('gateway', ['member']), { code: 'forbidden' });
      assert.deepEqual(await discard('gateway', ['admin']), {});
    });

    it('fails as unavailable when there is no implementation', async () => {
      const binding = bindLocally(new ContractRegistry(), new Copier());
      await assert.rejects(binding.client(Beta, 'beta').release({ runId: 'r' }), {
        code: 'unavailable',
        retryable: true,
      });
    });
  });
}

describe('A call to a contract', () => {
  const bind = (handlers: object, options = {}) => {
    const registry = new ContractRegistry();
    registry.add(Beta, 'beta', handlers as never);
    registry.add(Operations, 'beta', handlers as never);
    const binding = bindLocally(registry, new WireCopier(), options);
    return {
      beta: binding.client(Beta, 'beta'),
      operations: binding.client(Operations, 'beta'),
    };
  };

  it('ends at its deadline, and cancels the work', async () => {
    let cancellation: CancellationToken | undefined;
    const { beta } = bind(
      {
        release: () => {
          cancellation = currentCall()?.cancellation;
          return new Promise(() => undefined);
        },
      },
      { timeoutMs: 30 },
    );
    await assert.rejects(beta.release({ runId: 'r' }), { code: 'deadline_exceeded', status: 504 });
    assert.ok(cancellation?.reason);
  });

  it('never waits longer than the request behind it', async () => {
    const deadlines: (number | undefined)[] = [];
    const { beta } = bind({
      release: async () => {
        deadlines.push(currentCall()?.deadline);
        return {};
      },
    });
    const deadline = Date.now() + 400;
    await runInCall({ requestId: 'r', traceId: 't', deadline }, () => beta.release({ runId: 'r' }));
    assert.deepEqual(deadlines, [deadline]);
    const over = { requestId: 'r', traceId: 't', deadline: Date.now() - 1 };
    await assert.rejects(
      runInCall(over, () => beta.release({ runId: 'r' })),
      { code: 'deadline_exceeded' },
    );
    assert.equal(deadlines.length, 1, 'it was not made at all');
  });

  it('is cancelled when its caller is', async () => {
    const { beta } = bind({ release: () => new Promise(() => undefined) });
    const client = new CallDeadline(60_000);
    const call = { requestId: 'r', traceId: 't', cancellation: client };
    const waiting = runInCall(call, () => beta.release({ runId: 'r' }));
    client.cancel();
    await assert.rejects(waiting, { code: 'cancelled' });
    client.release();
  });

  it('is retried when it was not completed, if it is idempotent', async () => {
    let tries = 0;
    const failing = async () => {
      tries += 1;
      if (tries < 3) throw ContextError.of('unavailable');
      return {};
    };
    const { beta, operations } = bind({ release: failing, discardDeadLetter: failing });
    await beta.release({ runId: 'r' });
    assert.equal(tries, 3);
    tries = 0;
    const admin = { userId: 'ada', sessionId: 's', roles: ['admin'] };
    const discarded = runInCall({ requestId: 'r', traceId: 't', caller: admin }, () =>
      operations.discardDeadLetter({ deadLetterId: 'd' }),
    );
    await assert.rejects(discarded, { code: 'unavailable' });
    assert.equal(tries, 1);
  });

  it('is not retried for a refusal, nor when the retry budget is used up', async () => {
    let tries = 0;
    let error = ContextError.of('saga_ended');
    const { beta } = bind({
      hold: async () => {
        tries += 1;
        throw error;
      },
    });
    const hold = () => beta.hold({ runId: 'r', slots: [] }).catch(() => undefined);
    await hold();
    assert.equal(tries, 1);
    error = ContextError.of('unavailable');
    tries = 0;
    for (let call = 0; call < 10; call += 1) await hold();
    assert.equal(tries, 10 + 10, 'ten calls, and the ten retries that the budget has');
  });

  it('can be done twice, to show what is idempotent in name only', async () => {
    let tries = 0;
    const { beta } = bind(
      {
        release: async () => {
          tries += 1;
          return {};
        },
      },
      { twice: true },
    );
    await beta.release({ runId: 'r' });
    assert.equal(tries, 2);
  });

  it('is as long as it would be on its way to another process', async () => {
    const registry = new ContractRegistry();
    registry.add(Beta, 'beta', { release: async () => ({}) } as never);
    const sizes: number[] = [];
    const binding = bindLocally(registry, new FieldCopier(), { onSize: (size) => sizes.push(size) });
    await binding.client(Beta, 'beta').release({ runId: 'four' });
    // A tag, a length and four letters; the answer is empty.
    assert.deepEqual(sizes, [6]);
  });
});

function bindLocally(
  registry: ContractRegistry,
  copier: MessageCopier,
  {
    timeoutMs = 5_000,
    twice = false,
    onSize = (_size: number): void => undefined,
  }: { timeoutMs?: number; twice?: boolean; onSize?: (size: number) => void } = {},
): ContractBinding {
  const place = { address: '', httpPort: 0, rpcPort: 0 };
  const self = { name: 'all', hosts: toy.components, ...place };
  return new ContractBinding(
    new ContractDispatch(registry, new RequestsUnderWay()),
    undefined as never,
    new Placement(toy, 'monolith', [{ ...self, endpoints: [place] }], self),
    copier,
    { CALL_TIMEOUT_MS: timeoutMs } as TransportSettings,
    { CALL_IDEMPOTENT_TWICE: twice } as TopologySettings,
    {
      measure: (_call: unknown, make: () => Promise<unknown>) => make(),
      measureSome: (_call: unknown, bytesOf: () => number) => onSize(bytesOf()),
    } as never,
    undefined as never,
    undefined as never,
  );
}

describe('ContextError', () => {
  it('keeps a code that this process does not know', () => {
    const record = { code: 'from_the_future', message: 'm', status: 418, retryable: true, details: { a: 1 } };
    assert.deepEqual(ContextError.fromRecord(record).toRecord(), record);
  });
});
