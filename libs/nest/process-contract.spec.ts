import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ContextError } from '@fissile/kit/contract';
import type { ProcessClients } from '@fissile/kit/operations';
import { ProcessRevocations } from './process-contract.js';

describe('A revocation', () => {
  before(() => Logger.overrideLogger(false));

  /** @param revoke what each process does, by its name */
  function publishTo(revoke: Readonly<Record<string, () => Promise<object>>>): Promise<void> {
    const others = Object.entries(revoke).map(([name, call]) => ({ name, client: { revoke: call } }));
    const clients = { others: () => others } as unknown as ProcessClients;
    return new ProcessRevocations(clients).publish(['ada'], new Date());
  }

  it('reaches the others when one process cannot be reached', async () => {
    const reached: string[] = [];
    await publishTo({
      edge: () => Promise.reject(ContextError.of('unavailable')),
      rest: async () => reached.push('rest') && {},
    });
    assert.deepEqual(reached, ['rest']);
  });

  it('does not wait for a process that hangs', async () => {
    let release: (answer: object) => void = () => undefined;
    await publishTo({ edge: () => new Promise((resolve) => (release = resolve)) });
    release({});
  });
});
