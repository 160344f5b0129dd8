import { activeTrace, continueTrace, isTracing, outsideOfTraces, sendsTraces } from './spans.js';
import type { TraceParent } from './trace-parent.js';
import { type CallContext, currentCall, runInCall, runWithoutCall } from '@fissile/kit/request';
import { traceIdOf, traceOf, unsampledParent } from './call-trace.js';

/** What is kept of a request beside work that outlives it, so that logs and traces of that work lead back to it. */
export interface Origin extends TraceParent {
  readonly requestId?: string | undefined;
  readonly userId?: string | undefined;
  readonly baggage?: string | undefined;
}

/** The origin of what the code that runs now leaves behind; empty when no request or trace has caused it. */
export function currentOrigin(): Origin {
  const call = currentCall();
  if (!call) return currentTrace();
  const userId = call.caller?.userId ?? call.userId;
  return { ...traceOf(call), requestId: call.requestId, userId, baggage: call.baggage };
}

/** The trace and the baggage, as events carry them. */
export function currentTrace(): Pick<Origin, 'traceparent' | 'tracestate' | 'baggage'> {
  const call = currentCall();
  if (call) return { ...traceOf(call), ...(call.baggage !== undefined && { baggage: call.baggage }) };
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
  const { traceparent, requestId = id, userId, baggage } = origin;
  const call = { requestId, traceId: traceIdOf(traceparent), userId, baggage, ...more };
  return continueTrace(origin, () => runInCall(call, work));
}

/**
 * Runs work that nothing has asked for, such as a poll. It begins no trace where traces are only kept for a while: there would
 * soon be no others.
 */
export function runUnasked<T>(work: () => T): T {
  const isOfNoTrace = isTracing() && !sendsTraces() && activeTrace() === undefined;
  return isOfNoTrace ? continueTrace(unsampledParent(), work) : work();
}

/** Runs work that belongs to no call, whatever runs it: its own origin counts. */
export function runOutsideOfCalls<T>(work: () => T): T {
  return runWithoutCall(() => outsideOfTraces(work));
}
