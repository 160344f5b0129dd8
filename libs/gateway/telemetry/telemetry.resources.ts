import { z } from 'zod';
import { pageOf } from '@fissile/kit/http';
import type { JoinedLine } from './log-view.js';
import type { JoinedSpan, JoinedTrace } from './trace-view.js';

const time = z.iso.datetime();
const TraceId = z.string().meta({ example: '0af7651916cd43dd8448eb211c80319c' });

export const MissingProcesses = z
  .array(
    z
      .object({ process: z.string(), reason: z.string().meta({ example: 'deadline_exceeded' }) })
      .meta({ id: 'MissingProcess' }),
  )
  .meta({ description: 'The processes that did not answer, whose part is not in this' });

export const TraceResource = z
  .object({
    traceId: TraceId,
    name: z
      .string()
      .nullable()
      .meta({ description: 'What it began with; null when that is not kept any more, or has not ended' }),
    startedAt: time,
    durationMs: z.number().meta({ description: 'Of what it began with, such as a request' }),
    totalMs: z.number().meta({ description: 'Until the end of all that it caused, such as mails' }),
    spans: z.int(),
    processes: z.array(z.string()),
    error: z.string().nullable().meta({ description: 'The type of an error, when a span has failed' }),
  })
  .meta({ id: 'Trace' });

export const TracePage = pageOf(TraceResource).extend({
  missing: MissingProcesses,
  off: z.array(z.string()).meta({ description: 'The processes that keep no traces: see RECENT_SPANS' }),
});

const SpanResource = z
  .object({
    spanId: z.string(),
    parentSpanId: z.string().nullable(),
    name: z.string(),
    kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
    process: z.string(),
    startedAt: time,
    offsetMs: z.number().meta({ description: 'How long after the first span of the trace it began' }),
    durationMs: z.number(),
    failed: z.boolean(),
    attributes: z.record(z.string(), z.unknown()),
    linkedTraceIds: z.array(TraceId).meta({ description: 'Other traces that it has to do with' }),
  })
  .meta({ id: 'Span' });

export const TraceDetails = z
  .object({
    traceId: TraceId,
    spans: z.array(SpanResource).meta({ description: 'By the time that they began' }),
    missing: MissingProcesses,
  })
  .meta({ id: 'TraceDetails' });

export const LogLineResource = z
  .object({
    id: z.string(),
    at: time,
    process: z.string(),
    level: z.string().meta({ example: 'warn' }),
    message: z.string(),
    traceId: TraceId.nullable(),
    error: z.string().nullable().meta({ description: 'What an error says, with its stack' }),
    fields: z.record(z.string(), z.unknown()).meta({ description: 'What else the line says' }),
  })
  .meta({ id: 'LogLine' });

export const LogPage = pageOf(LogLineResource).extend({ missing: MissingProcesses });

export function toTraceResource({
  startedAtMs,
  processes,
  ...trace
}: JoinedTrace): z.output<typeof TraceResource> {
  return { ...trace, startedAt: isoOf(startedAtMs), processes: [...processes] };
}

export function toSpanResources(spans: readonly JoinedSpan[]): z.output<typeof SpanResource>[] {
  const start = spans[0]?.startedAtMs ?? 0;
  return spans.map(({ startedAtMs, parentSpanId, kind, attributes, ...span }) => ({
    ...span,
    parentSpanId: parentSpanId ?? null,
    kind: kind as z.output<typeof SpanResource>['kind'],
    startedAt: isoOf(startedAtMs),
    offsetMs: startedAtMs - start,
    attributes: JSON.parse(attributes) as Record<string, unknown>,
  }));
}

export function toLogLineResource(line: JoinedLine): z.output<typeof LogLineResource> {
  const { id, atMs, process, level, message, traceId, error, fields } = line;
  return {
    id,
    at: isoOf(atMs),
    process,
    level,
    message,
    traceId: traceId ?? null,
    error: error ?? null,
    fields: JSON.parse(fields) as Record<string, unknown>,
  };
}

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
