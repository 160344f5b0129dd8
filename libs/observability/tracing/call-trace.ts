import type { CallContext } from '@fissile/kit/request';
import { activeTrace } from './spans.js';
import type { TraceParent } from './trace-parent.js';
import { randomHex } from './random-hex.js';

/** W3C Trace Context: version, trace id, parent id, flags. */
const TRACEPARENT_FORM = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const NO_TRACE = '0'.repeat(32);

/** The trace that a request belongs to: the caller's, or a new one. */
export function traceIdOf(traceparent: string | string[] | undefined): string {
  return traceIdIn(traceparent) ?? randomHex(16);
}

/** The trace that is named; undefined where there is none. */
export function traceIdIn(traceparent: string | string[] | undefined): string | undefined {
  const found = typeof traceparent === 'string' ? TRACEPARENT_FORM.exec(traceparent)?.[1] : undefined;
  return found === NO_TRACE ? undefined : found;
}

export function traceParentOf(traceId: string): string {
  return `00-${traceId}-${randomHex(8)}-01`;
}

/** The parent of work that is not worth a trace, and of all that it causes in other processes. */
export function unsampledParent(): TraceParent {
  return { traceparent: `00-${randomHex(16)}-${randomHex(8)}-00` };
}

/** The place in a trace from which calls of this context go on: the active span, or only the id while traces are off. */
export function traceOf(call: CallContext): TraceParent {
  const active = activeTrace();
  if (!active) return { traceparent: traceParentOf(call.traceId) };
  const { traceparent, tracestate } = active;
  return { traceparent, ...(tracestate !== undefined && { tracestate }) };
}
