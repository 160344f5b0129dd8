import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CONTEXTS, ContextError, type ContextName, type ErrorCode, hasCode } from '#libs/contracts';
import type { OperationsClients } from '#libs/topology';
import { OperatorView } from './operator-view.js';

const SAGA = '0199f2a0-6f0e-7cc1-9d3b-4c9a35a4f1f7';

describe('What operators see of all contexts', () => {
  /** @param failures what contexts answer with; the others know the saga */
  function viewOf(failures: Partial<Record<ContextName, ErrorCode>>) {
    const asked: ContextName[] = [];
    const clients = {
      of: (context: ContextName) => ({
        getSaga: async () => {
          asked.push(context);
          const code = failures[context];
          if (code) throw ContextError.of(code);
          return { saga: undefined, steps: [] };
        },
      }),
    } as unknown as OperationsClients;
    return { asked, view: new OperatorView(clients, {} as never, {} as never, {} as never) };
  }

  it('is found although a context that does not have it is away', async () => {
    const { view, asked } = viewOf({ users: 'unavailable', products: 'saga_not_found' });
    await view.findSaga(SAGA);
    assert.deepEqual(asked, ['users', 'products', 'inventory']);
  });

  it('may be with one that is away when no other has it', async () => {
    const nowhere = Object.fromEntries(CONTEXTS.map((context) => [context, 'saga_not_found' as const]));
    const away = viewOf({ ...nowhere, orders: 'deadline_exceeded' });
    await assert.rejects(away.view.findSaga(SAGA), (error) => hasCode(error, 'deadline_exceeded'));
    const { view } = viewOf(nowhere);
    await assert.rejects(view.findSaga(SAGA), (error) => hasCode(error, 'saga_not_found'));
  });

  it('is not asked of others when the one that has it refuses', async () => {
    const { view, asked } = viewOf({ users: 'saga_ended' });
    await assert.rejects(view.findSaga(SAGA), (error) => hasCode(error, 'saga_ended'));
    assert.deepEqual(asked, ['users']);
  });
});
