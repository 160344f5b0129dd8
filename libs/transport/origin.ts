import { activeTrace, continueTrace, type TraceParent } from '#libs/tracing';
import { type CallContext, currentCall, runInCall } from './call-context.js';
import { traceIdOf, traceOf } from './call-metadata.js';

/** What is kept of a request beside work that outlives it, so that logs and traces of that work lead back to it. */
export interface Origin extends TraceParent {
  readonly requestId?: string | undefined;
  readonly userId?: string | undefined;
}

/** The origin of what the code that runs now leaves behind; empty when no request or trace has caused it. */
export function currentOrigin(): Origin {
  const call = currentCall();
  if (!call) return currentTrace();
  return { ...traceOf(call), requestId: call.requestId, userId: call.caller?.userId ?? call.userId };
}

/** The trace alone, as events carry it. */
export function currentTrace(): TraceParent {
  const call = currentCall();
  if (call) return traceOf(call);
  const { traceparent, tracestate } = activeTrace() ?? {};
  return {
    ...(traceparent !== undefined && { traceparent }),
    ...(tracestate !== undefined && { tracestate }),
  };
}

/**
 * Runs work that goes on from what an earlier piece of work has left behind.
 * @param id names the work in logs when nothing is known of the request
 */
export function continueFrom<T>(
  origin: Origin,
  id: string,
  work: () => T,
  more: Pick<CallContext, 'sagaId'> = {},
): T {
  const { traceparent, requestId = id, userId } = origin;
  const call = { requestId, traceId: traceIdOf(traceparent), userId, ...more };
  return continueTrace(origin, () => runInCall(call, work));
}
