import type { SagaRecord, TimelineEntry } from './saga-record.js';

/** How the failures began, and the latest ones. The failures in between are repetitions, and would fill the row. */
const FIRST_FAILURES = 3;
const LAST_FAILURES = 20;

type Timeline = readonly TimelineEntry[];

/** An attempt that begins now. */
export function begun(name: string, kind: TimelineEntry['kind'], attempt: number): TimelineEntry {
  return { name, kind, attempt, status: 'running', startedAt: now(), endedAt: null, error: null };
}

/** An attempt that has ended now. @param error the code of a failed attempt */
export function ended(entry: TimelineEntry, status: 'done' | 'failed', error: string | null): TimelineEntry {
  return { ...entry, status, endedAt: now(), error };
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
