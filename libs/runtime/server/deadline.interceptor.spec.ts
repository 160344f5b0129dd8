import type { ExecutionContext } from '@nestjs/common';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firstValueFrom, NEVER, type Observable, of } from 'rxjs';
import { hasCode } from '@fissile/kit/contract';
import { CallDeadline, runInCall } from '@fissile/kit/request';
import { DeadlineInterceptor } from './deadline.interceptor.js';

const interceptor = new DeadlineInterceptor();
const answer = (handle: () => Observable<string>) =>
  firstValueFrom(interceptor.intercept({} as ExecutionContext, { handle }));

function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const deadline = new CallDeadline(ms);
  const call = { requestId: 'r', traceId: 't', deadline: deadline.at, cancellation: deadline };
  return runInCall(call, work).finally(() => deadline.release());
}

describe('A request', () => {
  it('is answered at its deadline while its handler waits for something', async () => {
    await assert.rejects(
      within(20, () => answer(() => NEVER)),
      (error) => hasCode(error, 'deadline_exceeded'),
    );
  });

  it('is answered by its handler before', async () => {
    assert.equal(await within(60_000, () => answer(() => of('done'))), 'done');
  });
});
