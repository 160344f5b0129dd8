import { codeOf } from '../store/saga-failure.js';
import type { SagaRecord, TimelineEntry } from '../store/saga-record.js';
import { inStepSpan } from './saga-trace.js';
import { doneNow, failedNow } from '../store/timeline.js';
import { withinTime } from './within-time.js';

/** The result of one call of a saga. */
export type Attempt =
  | { readonly ok: true; readonly entry: TimelineEntry; readonly result: object | void }
  | { readonly ok: false; readonly entry: TimelineEntry; readonly error: unknown };

/** Makes one call, of a step or of an undo, and waits no longer than its timeout. Never rejects. */
export async function attemptCall(
  saga: SagaRecord,
  entry: TimelineEntry,
  timeoutMs: number,
  call: () => Promise<object | void>,
): Promise<Attempt> {
  try {
    const result = await inStepSpan(saga, entry, () => withinTime(saga, timeoutMs, call));
    return { ok: true, entry: doneNow(entry, result), result };
  } catch (error) {
    return { ok: false, entry: failedNow(entry, codeOf(error)), error };
  }
}
