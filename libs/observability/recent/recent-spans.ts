import {
  type Attributes,
  type HrTime,
  type Link,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
} from '@opentelemetry/api';
import type { Redact } from '../logging/redaction.js';
import { Ring, type RingBounds } from './ring.js';

/** A finished span of this process, as operators see it. */
export interface RecentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
  /** As JSON, after its redaction. */
  readonly attributes: string;
  /** The ids of other traces that it has to do with. */
  readonly linkedTraceIds: readonly string[];
}

/** What is read of a span of the SDK, whose own types a product without the SDK has not. */
export interface FinishedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: readonly Link[];
  readonly parentSpanContext?: SpanContext | undefined;
  spanContext(): SpanContext;
}

/** What a process has of a trace. */
export interface RecentTrace {
  readonly traceId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly spans: number;
  /** Where the trace began here, and has ended: its first span. */
  readonly root: Pick<RecentSpan, 'name' | 'startedAtMs' | 'durationMs'> | undefined;
  /** The type of the error of the span that failed first. */
  readonly error: string | undefined;
  /** Whether one of its spans has the text that was looked for. */
  readonly matches: boolean;
}

const KINDS: Readonly<Record<SpanKind, string>> = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
};

/**
 * Keeps the last spans of this process as they are, and makes something of them only when an operator asks. A processor of spans,
 * as the SDK calls one.
 */
export class RecentSpans {
  private readonly ring: Ring<FinishedSpan>;

  /** @param redact takes out of the attributes what a client put into a path */
  constructor(
    private readonly bounds: RingBounds,
    private readonly redact: Redact,
  ) {
    this.ring = new Ring(bounds);
  }

  /** Whether any are kept. */
  get isOn(): boolean {
    return this.bounds.items > 0;
  }

  onStart(): void {
    // Only what has ended is kept.
  }

  onEnd(span: FinishedSpan): void {
    this.ring.add(span, toMs(span.endTime));
  }

  async forceFlush(): Promise<void> {
    // It sends nothing.
  }

  async shutdown(): Promise<void> {
    // What is kept ends with the process.
  }

  /** The traces that ended last, so many at most. @param text is looked for in names and attributes of their spans */
  traces(limit: number, text: string | undefined): RecentTrace[] {
    const found = new Map<string, FinishedSpan[]>();
    for (const span of this.ring.newestFirst()) {
      const { traceId } = span.spanContext();
      const known = found.get(traceId);
      if (known) known.push(span);
      else if (found.size < limit) found.set(traceId, [span]);
    }
    const wanted = text?.toLowerCase();
    return [...found].map(([traceId, spans]) => toTrace(traceId, spans, wanted));
  }

  /** The spans of a trace, so many at most; of more the oldest, which the others belong to. */
  trace(traceId: string, limit: number): RecentSpan[] {
    const found = this.ring.newestFirst().filter((span) => span.spanContext().traceId === traceId);
    return found
      .reverse()
      .slice(0, limit)
      .map((span) => toSpan(span, this.redact));
  }
}

function toTrace(traceId: string, spans: readonly FinishedSpan[], text: string | undefined): RecentTrace {
  const root = spans.find(({ parentSpanContext }) => parentSpanContext === undefined);
  const failed = spans.findLast(hasFailed);
  return {
    traceId,
    startedAtMs: Math.min(...spans.map(({ startTime }) => toMs(startTime))),
    endedAtMs: Math.max(...spans.map(({ endTime }) => toMs(endTime))),
    spans: spans.length,
    root: root && {
      name: root.name,
      startedAtMs: toMs(root.startTime),
      durationMs: toMs(root.duration),
    },
    error: failed && String(failed.attributes['error.type'] ?? 'error'),
    matches: text === undefined || spans.some((span) => has(span, text)),
  };
}

function toSpan(span: FinishedSpan, redact: Redact): RecentSpan {
  const { name, kind, startTime, duration, attributes, links, parentSpanContext } = span;
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanContext?.spanId,
    name,
    kind: KINDS[kind],
    startedAtMs: toMs(startTime),
    durationMs: toMs(duration),
    failed: hasFailed(span),
    attributes: redact(JSON.stringify(attributes)),
    linkedTraceIds: links.map(({ context }) => context.traceId),
  };
}

function has({ name, attributes }: FinishedSpan, text: string): boolean {
  return [name, ...Object.values(attributes)].some((each) => String(each).toLowerCase().includes(text));
}

function hasFailed({ status }: FinishedSpan): boolean {
  return status.code === SpanStatusCode.ERROR;
}

function toMs([seconds, nanoseconds]: HrTime): number {
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
