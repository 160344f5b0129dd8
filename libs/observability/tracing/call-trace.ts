import type { CallContext } from '@fissile/kit/request';
import { activeTrace } from './spans.js';
import type { TraceParent } from './trace-parent.js';
import { randomHex } from './random-hex.js';

/** W3C Trace Context: version, trace id, parent id, flags. */
const TRACEPARENT_FORM = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const NO_TRACE = '0'.repeat(32);

/** The trace that a request belongs to: the caller's, or a new one. */
export function traceIdOf(traceparent: string | string[] | undefined): string {
  const found = typeof traceparent === 'string' ? TRACEPARENT_FORM.exec(traceparent)?.[1] : undefined;
  return found && found !== NO_TRACE ? found : randomHex(16);
}

export function traceParentOf(traceId: string): string {
  return `00-${traceId}-${randomHex(8)}-01`;
}

/** The place in a trace from which calls of this context go on: the active span, or only the id while traces are off. */
export function traceOf(call: CallContext): TraceParent {
  const active = activeTrace();
  if (!active) return { traceparent: traceParentOf(call.traceId) };
  const { traceparent, tracestate } = active;
  return { traceparent, ...(tracestate !== undefined && { tracestate }) };
}
