import { activeTrace, type TraceParent } from '#libs/tracing';
import type { CallContext } from './call-context.js';
import { randomHex } from './random-hex.js';

/** The names under which a call's context travels, in metadata and in HTTP headers alike. */
export const REQUEST_ID = 'x-request-id';
export const TRACE_PARENT = 'traceparent';
export const TRACE_STATE = 'tracestate';
/** The saga that makes the call, for logs. */
export const SAGA_ID = 'x-fissile-saga';
export const AUTHORIZATION = 'authorization';
/** Tells the parts of the shop from everyone else; see InternalTokens. */
export const INTERNAL_TOKEN = 'x-fissile-internal';
/** Milliseconds that the caller still waits. */
export const TIMEOUT_MS = 'x-fissile-timeout-ms';
/** The context that is called, where a service is served by several. */
export const CONTEXT = 'x-fissile-context';

/** Says of a refusal that the process is stopping and has done nothing for the request. */
export const STOPPING = 'x-fissile-stopping';

/** The template of the route that answered, for the gateway's metrics. */
export const ENDPOINT = 'x-fissile-endpoint';

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

/** What goes along with a call from this context. */
export function metadataOf(call: CallContext): Record<string, string> {
  const { traceparent = '', tracestate } = traceOf(call);
  return {
    [REQUEST_ID]: call.requestId,
    [TRACE_PARENT]: traceparent,
    ...(tracestate !== undefined && { [TRACE_STATE]: tracestate }),
    ...(call.sagaId !== undefined && { [SAGA_ID]: call.sagaId }),
    ...(call.authorization !== undefined && { [AUTHORIZATION]: call.authorization }),
  };
}
