import type { TraceSpan } from './operator-api.ts';

/** A span in the order of the picture: below what it belongs to. */
export interface WaterfallRow {
  readonly span: TraceSpan;
  readonly depth: number;
}

/** Each span before those that it has caused, by the time that they began. One whose parent is not kept stands by itself. */
export function rowsOf(spans: readonly TraceSpan[]): WaterfallRow[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const byParent = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== null && ids.has(parentSpanId) ? parentSpanId : '',
  );
  const below = (parent: string, depth: number): WaterfallRow[] =>
    [...(byParent.get(parent) ?? [])]
      .sort((one, other) => one.offsetMs - other.offsetMs)
      .flatMap((span) => [{ span, depth }, ...below(span.spanId, depth + 1)]);
  return below('', 0);
}

export function lengthOf(spans: readonly TraceSpan[]): number {
  return Math.max(0.001, ...spans.map(({ offsetMs, durationMs }) => offsetMs + durationMs));
}
