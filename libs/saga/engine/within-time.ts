import { CallDeadline, currentCall, runInCall } from '@fissile/kit/request';
import type { SagaRecord } from '../store/saga-record.js';

/**
 * Runs one call of a saga with a deadline, which the calls that it makes inherit. After the deadline nobody waits for it any
 * more; whether it has had its effect is then not known.
 * @throws ContextError deadline_exceeded
 */
export async function withinTime<T>(saga: SagaRecord, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  // What a dead process left has no request behind it; by the saga's own id its calls are found in the logs.
  const call = currentCall() ?? { requestId: saga.id, traceId: saga.id.replaceAll('-', '') };
  const deadline = new CallDeadline(timeoutMs, call);
  const context = { ...call, deadline: deadline.at, cancellation: deadline };
  try {
    return await deadline.race(runInCall(context, async () => work()));
  } finally {
    deadline.release();
  }
}
