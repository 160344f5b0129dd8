import { CallDeadline, currentCall, runInCall } from '@fissile/kit/request';
import type { SagaRecord } from '../store/saga-record.js';

/**
 * Runs one call of a saga with a deadline, which nested calls inherit. After the deadline the call is no longer
 * awaited; it is then unknown whether it had its effect.
 * @throws ContextError deadline_exceeded
 */
export async function withinTime<T>(saga: SagaRecord, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  // A saga taken over from a dead process has no request; its own id identifies its calls in the logs.
  const call = currentCall() ?? { requestId: saga.id, traceId: saga.id.replaceAll('-', '') };
  const deadline = new CallDeadline(timeoutMs, call);
  const context = { ...call, deadline: deadline.at, cancellation: deadline };
  try {
    return await deadline.race(runInCall(context, async () => work()));
  } finally {
    deadline.release();
  }
}
