import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ContextError, type RecordedSpan, type TracePart } from '@fissile/kit/contract';
import { type Page, readCursor, toPage } from '@fissile/kit/http';
import { AskProcesses, type MissingProcess, type ProcessAnswer } from './ask-processes.js';

/** So many of the last traces of each process are looked at. */
const LOOK_AT = 1_000;
const MOST_SPANS = 1_000;

export interface TraceQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly text?: string | undefined;
  readonly process?: string | undefined;
  readonly minDurationMs?: number | undefined;
  readonly failed?: boolean | undefined;
}

/** A trace over all processes. */
export interface JoinedTrace {
  readonly traceId: string;
  /** Null when the span that it began with is not kept any more, or has not ended. */
  readonly name: string | null;
  readonly startedAtMs: number;
  /** Of the span that it began with, such as a request; of all that is known where that is not kept. */
  readonly durationMs: number;
  /** Until the end of all that it has caused. */
  readonly totalMs: number;
  readonly spans: number;
  readonly processes: readonly string[];
  readonly error: string | null;
}

export interface JoinedSpan extends RecordedSpan {
  readonly process: string;
}

export interface WithMissing {
  readonly missing: readonly MissingProcess[];
  /** The processes that answered, and keep no traces. */
  readonly off: readonly string[];
}

/** Sorts by the time of the beginning. */
const POSITION = z.string().regex(/^\d{16}-[0-9a-f]{32}$/);

/** The traces that the processes have kept, put together from the parts that each of them has. */
@Injectable()
export class TraceView {
  constructor(private readonly processes: AskProcesses) {}

  /** Newest first. */
  async list({ limit, cursor, ...wanted }: TraceQuery): Promise<Page<JoinedTrace> & WithMissing> {
    const before = readCursor(cursor, POSITION);
    const { text, process } = wanted;
    // All are asked, also for the traces of one: the others have the rest of these.
    const { answers, missing } = await this.processes.ask(undefined, (client) =>
      client.listTraces({ limit: LOOK_AT, text }),
    );
    const parts = answers.flatMap(({ process: name, answer }) =>
      answer.traces.map((part) => ({ ...part, process: name })),
    );
    const traces = [...Map.groupBy(parts, ({ traceId }) => traceId).values()]
      .filter((each) => each.some(({ matches }) => matches))
      .filter((each) => process === undefined || each.some((part) => part.process === process))
      .map(joined)
      .filter((trace) => isWanted(trace, wanted))
      .map((trace) => ({ trace, position: positionOf(trace) }))
      .filter(({ position }) => before === undefined || position < before)
      .sort((one, other) => (one.position < other.position ? 1 : -1));
    const page = toPage(traces.slice(0, limit + 1), limit, ({ position }) => position);
    return { ...page, items: page.items.map(({ trace }) => trace), missing, off: offOf(answers) };
  }

  /** @throws ContextError trace_not_found, or unavailable when a process that may have it does not answer */
  async read(traceId: string): Promise<{ spans: JoinedSpan[]; missing: readonly MissingProcess[] }> {
    const { answers, missing } = await this.processes.ask(undefined, (client) =>
      client.getTrace({ traceId, limit: MOST_SPANS }),
    );
    const spans = answers.flatMap(({ process, answer }) =>
      answer.spans.map((span) => ({ ...span, process })),
    );
    if (spans.length === 0) throw ContextError.of(missing.length > 0 ? 'unavailable' : 'trace_not_found');
    return { spans: spans.sort((one, other) => one.startedAtMs - other.startedAtMs), missing };
  }
}

type Part = TracePart & { readonly process: string };

function joined(parts: readonly Part[]): JoinedTrace {
  const { traceId = '' } = parts[0] ?? {};
  const root = parts.find((part) => part.root !== undefined)?.root;
  const startedAtMs = Math.min(...parts.map((part) => part.startedAtMs));
  const totalMs = Math.max(...parts.map(({ endedAtMs }) => endedAtMs)) - startedAtMs;
  return {
    traceId,
    name: root?.name ?? null,
    startedAtMs,
    durationMs: root?.durationMs ?? totalMs,
    totalMs,
    spans: parts.reduce((sum, { spans }) => sum + spans, 0),
    processes: [...new Set(parts.map(({ process }) => process))].sort(),
    error: parts.find(({ error }) => error !== undefined)?.error ?? null,
  };
}

function isWanted(
  { durationMs, error }: JoinedTrace,
  { minDurationMs = 0, failed }: Pick<TraceQuery, 'minDurationMs' | 'failed'>,
): boolean {
  return durationMs >= minDurationMs && (failed !== true || error !== null);
}

function positionOf({ startedAtMs, traceId }: JoinedTrace): string {
  return `${String(Math.round(startedAtMs * 1_000)).padStart(16, '0')}-${traceId}`;
}

/** Of several instances, one that is on is enough. */
function offOf(answers: readonly ProcessAnswer<{ readonly isOn: boolean }>[]): string[] {
  const on = new Set(answers.filter(({ answer }) => answer.isOn).map(({ process }) => process));
  return [...new Set(answers.map(({ process }) => process))].filter((process) => !on.has(process)).sort();
}
