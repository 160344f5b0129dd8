import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ContextError, type ContextName, type ErrorCode, hasCode } from '@fissile/kit/contract';
import type { OperationsClients } from '@fissile/kit/operations';
import { productOf } from '@fissile/kit/testing';
import { OperatorView } from './operator-view.js';

const CONTEXTS = ['alpha', 'beta', 'gamma', 'delta'];
const SAGA = '0199f2a0-6f0e-7cc1-9d3b-4c9a35a4f1f7';

describe('A saga that an operator looks up', () => {
  /** @param failures the errors with which contexts fail; all other contexts know the saga */
  function viewOf(failures: Partial<Record<ContextName, ErrorCode>>) {
    const called: ContextName[] = [];
    const clients = {
      of: (context: ContextName) => ({
        getSaga: async () => {
          called.push(context);
          const code = failures[context];
          if (code) throw ContextError.of(code);
          return { saga: undefined, steps: [] };
        },
      }),
    } as unknown as OperationsClients;
    const placement = { product: productOf(...CONTEXTS) };
    return { called, view: new OperatorView(clients, placement as never, {} as never) };
  }

  it('is found although a context that does not have it is down', async () => {
    const { view, called } = viewOf({ alpha: 'unavailable', beta: 'saga_not_found' });
    await view.findSaga(SAGA);
    assert.deepEqual(called, ['alpha', 'beta', 'gamma']);
  });

  it('may be in a context that is down when no other has it', async () => {
    const unknown = Object.fromEntries(CONTEXTS.map((context) => [context, 'saga_not_found' as const]));
    const oneDown = viewOf({ ...unknown, gamma: 'deadline_exceeded' });
    await assert.rejects(oneDown.view.findSaga(SAGA), (error) => hasCode(error, 'deadline_exceeded'));
    const { view } = viewOf(unknown);
    await assert.rejects(view.findSaga(SAGA), (error) => hasCode(error, 'saga_not_found'));
  });

  it('is not looked up in others when the context that has it refuses', async () => {
    const { view, called } = viewOf({ alpha: 'saga_ended' });
    await assert.rejects(view.findSaga(SAGA), (error) => hasCode(error, 'saga_ended'));
    assert.deepEqual(called, ['alpha']);
  });
});
