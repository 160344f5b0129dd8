import type { Reading } from './reading.js';

/** Something that explains what a graph shows. */
export interface Mark {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly kind: 'started' | 'down' | 'moved';
  readonly process: string;
  /** What has moved to the process. */
  readonly context?: string;
}

/** By process, the last start that was told. */
export type KnownStarts = ReadonlyMap<string, number>;

/**
 * What has happened between two readings: processes that have started, or answer no more, and contexts that have moved.
 * @param known a process may have started before the earlier reading, which it did not answer yet; or have answered one before that
 */
export function marksBetween(before: Reading, now: Reading, known: KnownStarts): Mark[] {
  const marks: Mark[] = [];
  for (const [process, starts] of now.starts) {
    const fresh = starts.filter((start) => start > (known.get(process) ?? 0));
    marks.push(...fresh.map((at): Mark => ({ at, kind: 'started', process })));
    const earlier = before.starts.get(process)?.length ?? 0;
    if (starts.length - fresh.length < earlier && fresh.length === 0) {
      marks.push({ at: now.at, kind: 'down', process });
    }
  }
  for (const [context, process] of now.hosts) {
    const earlier = before.hosts.get(context);
    if (earlier !== undefined && earlier !== process) {
      marks.push({ at: now.at, kind: 'moved', process, context });
    }
  }
  return marks.sort((one, other) => one.at - other.at);
}
