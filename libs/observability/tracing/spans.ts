import {
  type Attributes,
  context,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { errorAttributes, hasFailed } from './span-outcome.js';
import { spanContextOf, traceContextOf, type TraceParent, traceParentOf } from './trace-parent.js';

export interface SpanDescription {
  /** Few different ones: no ids, no values. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  readonly attributes: Attributes;
  /** What caused the work, where that came from outside of the code that runs; else what is active is its parent. */
  readonly startedBy?: TraceParent;
  /** Something in another trace that it has to do with. */
  readonly linkedTo?: TraceParent;
}

export interface StartedSpan {
  readonly span: Span;
  /** In it the span is the active one. */
  readonly context: Context;
}

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** undefined while traces are off, so that a span costs one check then. */
let tracer: Tracer | undefined;
let areSent = false;

/**
 * Sets who makes the spans of this process; undefined turns traces off.
 * @param sent whether they leave the process, and are not just kept for a while
 */
export function traceWith(used: Tracer | undefined, sent = true): void {
  tracer = used;
  areSent = used !== undefined && sent;
}

/** Whether traces go to a collector. */
export function sendsTraces(): boolean {
  return areSent;
}

/** Whether this process takes traces. */
export function isTracing(): boolean {
  return tracer !== undefined;
}

/** Whether what runs now belongs to a trace that is kept, so that its details are worth a span. */
export function isTraced(): boolean {
  return tracer !== undefined && trace.getActiveSpan()?.isRecording() === true;
}

/** Runs the work as a span of its own. An error that it throws is recorded and rethrown. */
export async function inSpan<T>(description: SpanDescription, work: () => Promise<T>): Promise<T> {
  const started = startSpan(description);
  if (!started) return work();
  try {
    return await context.with(started.context, work);
  } catch (error) {
    noteFailure(started.span, KINDS[description.kind], error);
    throw error;
  } finally {
    started.span.end();
  }
}

/** Starts a span that the caller ends; undefined while traces are off. */
export function startSpan(description: SpanDescription): StartedSpan | undefined {
  if (!tracer) return undefined;
  const { name, kind, attributes, startedBy, linkedTo } = description;
  const parent = startedBy ? traceContextOf(startedBy) : context.active();
  const linked = linkedTo && spanContextOf(linkedTo);
  const links = linked ? [{ context: linked }] : [];
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, links }, parent);
  return { span, context: trace.setSpan(parent, span) };
}

/** Adds to the active span what became known only after it began. */
export function setOnSpan(attributes: Attributes): void {
  if (tracer) trace.getActiveSpan()?.setAttributes(attributes);
}

/** Records on the active span an error that its work has handled itself. */
export function failSpan(error: unknown): void {
  const span = tracer && trace.getActiveSpan();
  if (span) noteFailure(span, SpanKind.CONSUMER, error);
}

/** The place that the code that runs now has in its trace; undefined while traces are off and outside of any. */
export function activeTrace():
  (TraceParent & { readonly traceId: string; readonly spanId: string }) | undefined {
  const active = tracer && trace.getActiveSpan()?.spanContext();
  if (!active) return undefined;
  return { ...traceParentOf(active), traceId: active.traceId, spanId: active.spanId };
}

/** Runs work that is no part of the trace that runs it. */
export function outsideOfTraces<T>(work: () => T): T {
  return tracer ? context.with(ROOT_CONTEXT, work) : work();
}

/** Runs work whose spans are children of that place in a trace. */
export function continueTrace<T>(parent: TraceParent, work: () => T): T {
  return tracer ? context.with(traceContextOf(parent), work) : work();
}

function noteFailure(span: Span, kind: SpanKind, error: unknown): void {
  span.setAttributes(errorAttributes(error));
  if (hasFailed(kind, error)) span.setStatus({ code: SpanStatusCode.ERROR });
}
