import type { SagaRecord, TimelineEntry } from './saga-record.js';

/** How the failures began, and the latest ones. The failures in between are repetitions, and would fill the row. */
const FIRST_FAILURES = 3;
const LAST_FAILURES = 20;

type Timeline = readonly TimelineEntry[];

/** An attempt that begins now. */
export function begun(name: string, kind: TimelineEntry['kind'], attempt: number): TimelineEntry {
  return { name, kind, attempt, status: 'running', startedAt: now(), endedAt: null, error: null };
}

/** An attempt that has failed now. @param error its code */
export function failedNow(entry: TimelineEntry, error: string): TimelineEntry {
  return { ...entry, status: 'failed', endedAt: now(), error };
}

/** An attempt that has succeeded now. @param result what it adds to the saga's data */
export function doneNow(entry: TimelineEntry, result?: object | void): TimelineEntry {
  const added = Object.keys(result ?? {});
  return { ...entry, status: 'done', endedAt: now(), error: null, ...(added.length > 0 && { added }) };
}

/** The entry of a wait that has begun, if the saga is in one. */
export function openEntry(timeline: Timeline): TimelineEntry | undefined {
  return timeline.find(({ status }) => status === 'running');
}

/** When the saga was started, or its last wait ended. @param waits the names of the steps that wait */
export function beganAt(
  { createdAt, timeline }: Pick<SagaRecord, 'createdAt' | 'timeline'>,
  waits: readonly string[],
): Date {
  const last = timeline.findLast(
    ({ name, kind, status }) => kind === 'do' && status === 'done' && waits.includes(name),
  );
  return last?.endedAt ? new Date(last.endedAt) : createdAt;
}

/** As it is stored: without what it has not, since every save of a saga writes all of it. */
export function toStored(timeline: Timeline): readonly Partial<TimelineEntry>[] {
  return timeline.map(({ endedAt, error, ...entry }) => ({
    ...entry,
    ...(endedAt !== null && { endedAt }),
    ...(error !== null && { error }),
  }));
}

export function fromStored(timeline: readonly TimelineEntry[]): Timeline {
  return timeline.map((entry) => ({ ...entry, endedAt: entry.endedAt ?? null, error: entry.error ?? null }));
}

/** Whether a step, or an undo, has succeeded. */
export function isDone(timeline: Timeline, name: string, kind: TimelineEntry['kind']): boolean {
  return timeline.some((entry) => entry.name === name && entry.kind === kind && entry.status === 'done');
}

/**
 * Adds attempts, which replace the wait that they end; of one step's failures only the first and the last are kept.
 */
export function withEntries(timeline: Timeline, ...entries: readonly TimelineEntry[]): Timeline {
  return entries.reduce(withEntry, timeline);
}

function withEntry(timeline: Timeline, entry: TimelineEntry): Timeline {
  const all = [...timeline.filter(({ status }) => status !== 'running'), entry];
  if (entry.status !== 'failed') return all;
  const failures = all.filter((other) => other.status === 'failed' && isSameStep(other, entry));
  const tooMany = failures.slice(FIRST_FAILURES, -LAST_FAILURES);
  return tooMany.length === 0 ? all : all.filter((other) => !tooMany.includes(other));
}

function isSameStep(one: TimelineEntry, other: TimelineEntry): boolean {
  return one.name === other.name && one.kind === other.kind;
}

function now(): string {
  return new Date().toISOString();
}
