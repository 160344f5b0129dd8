import type { Implementation, Processes } from '@fissile/kit/contract';
import type { RecentTelemetry } from '@fissile/kit/observability';

const MOST_TRACES = 1_000;
/** What fits into one answer over any transport, with room to spare. */
const MOST_SPANS = 1_000;
const MOST_LINES = 101;

/** What operators may ask of the traces and log lines that this process has kept. */
export function recentTelemetryServing({
  spans,
  lines,
}: RecentTelemetry): Pick<Implementation<typeof Processes>, 'listTraces' | 'getTrace' | 'listLogLines'> {
  return {
    listTraces: async ({ limit, text }) => ({
      isOn: spans.isOn,
      traces: spans.traces(bounded(limit, MOST_TRACES), text),
    }),
    getTrace: async ({ traceId, limit }) => ({
      spans: spans
        .trace(traceId, bounded(limit, MOST_SPANS))
        .map(({ linkedTraceIds, ...span }) => ({ ...span, linkedTraceIds: [...linkedTraceIds] })),
    }),
    listLogLines: async ({ limit, before, level, text, traceId, since }) => ({
      lines: lines
        .list({ limit: bounded(limit, MOST_LINES), before, level, text, traceId, sinceMs: since?.getTime() })
        .map(({ at, fields, ...line }) => ({ ...line, atMs: at, fields: JSON.stringify(fields) })),
    }),
  };
}

const bounded = (limit: number, most: number): number => Math.min(Math.max(limit, 1), most);
