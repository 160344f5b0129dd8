import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ContextError, type ContextName, type ErrorCode, hasCode } from '@fissile/kit/contract';
import type { OperationsClients } from '@fissile/kit/operations';
import { productOf } from '@fissile/kit/testing';
import { OperatorView } from './operator-view.js';

const CONTEXTS = ['alpha', 'beta', 'gamma', 'delta'];
const SAGA = '0199f2a0-6f0e-7cc1-9d3b-4c9a35a4f1f7';

describe('A list of sagas', () => {
  const idOf = (position: number): string => `0199f2a0-6f0e-7cc1-9d3b-4c9a35a4f${100 + position}`;

  /** Each context has every third saga. @param failures the errors of contexts, which may change between pages */
  function viewOf(failures: Map<ContextName, ErrorCode>) {
    const contexts = ['alpha', 'beta', 'gamma'];
    const clients = {
      of: (context: ContextName) => ({
        listSagas: async ({ limit, cursor }: { limit: number; cursor?: string }) => {
          const code = failures.get(context);
          if (code) throw ContextError.of(code);
          const own = Array.from({ length: 9 }, (_, position) => position)
            .filter((position) => contexts[position % 3] === context)
            .map((position) => ({ id: idOf(position) }));
          const older = own.filter(({ id }) => cursor === undefined || id < cursor).reverse();
          return { sagas: older.slice(0, limit) };
        },
      }),
    } as unknown as OperationsClients;
    return new OperatorView(clients, { product: productOf(...contexts) } as never, {} as never);
  }

  it('has the rows of the contexts that answer, page by page, and names those that do not', async () => {
    const failures = new Map<ContextName, ErrorCode>();
    const view = viewOf(failures);
    const seen: string[] = [];
    const missing: unknown[] = [];
    let cursor: string | null | undefined;
    for (let count = 0; cursor !== null; count += 1) {
      // A context is lost in the middle of the list, and comes back.
      if (count === 1) failures.set('beta', 'unavailable');
      else failures.clear();
      const page = await view.listSagas({ limit: 3, cursor: cursor ?? undefined });
      seen.push(...page.items.map(({ id }) => id));
      missing.push(page.missing);
      cursor = page.nextCursor;
    }
    assert.deepEqual(seen, [8, 7, 6, 5, 3, 2, 1, 0].map(idOf));
    assert.deepEqual(missing, [[], [{ context: 'beta', reason: 'unavailable' }], []]);
  });

  it('fails when no context answers, or one refuses', async () => {
    const codes = ['alpha', 'beta', 'gamma'].map((context) => [context, 'unavailable'] as const);
    const silent = viewOf(new Map<ContextName, ErrorCode>(codes)).listSagas({ limit: 3 });
    await assert.rejects(silent, (error) => hasCode(error, 'unavailable'));
    const refusing = viewOf(new Map([['alpha', 'forbidden']])).listSagas({ limit: 3 });
    await assert.rejects(refusing, (error) => hasCode(error, 'forbidden'));
  });
});

describe('The breakers of a process that does not answer', () => {
  it('are unknown, with the reason', async () => {
    const processes = {
      of: () => ({ listBreakers: () => Promise.reject(ContextError.of('deadline_exceeded')) }),
    };
    const view = new OperatorView({} as never, {} as never, processes as never);
    const answer = await view.breakersOf({ name: 'alpha' } as never);
    assert.deepEqual(answer, { breakers: null, reason: 'deadline_exceeded' });
  });
});

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
