import {
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Context,
  type SpanContext,
  trace,
  TraceFlags,
} from '@opentelemetry/api';

/** The place in a trace from which work goes on, as W3C Trace Context writes it in headers and CloudEvents in events. */
export interface TraceParent {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

/** Version, trace id, parent id, flags; a later version may say more after them. */
const FORM = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The context in which spans are children of that place; one without a parent when it names none. */
export function traceContextOf(parent: TraceParent): Context {
  const found = spanContextOf(parent);
  return found ? trace.setSpanContext(ROOT_CONTEXT, found) : ROOT_CONTEXT;
}

export function spanContextOf({ traceparent, tracestate }: TraceParent): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = FORM.exec(traceparent ?? '') ?? [];
  if (version === undefined || (version === '00' && more !== undefined)) return undefined;
  const found = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  };
  return isSpanContextValid(found) ? found : undefined;
}

export function traceParentOf({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceParent {
  const tracestate = traceState?.serialize();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    ...(tracestate && { tracestate }),
  };
}
