import { readGoDuration } from './go-duration.js';
import type { RaftIndex } from './raft-index.js';

/** What a read gives: the index of what was read is that of its last change, not of the last write to anything. */
export interface Reading {
  readonly index: number;
  readonly status: number;
  readonly body: unknown;
}

const DEFAULT_WAIT_MS = 5 * 60_000;
const MAX_WAIT_MS = 10 * 60_000;

/** A request that Consul would not take. */
export class BadQuery extends Error {}

/**
 * Reads at once, or, when the query names an index, as soon as what is read is newer than that, or the wait is over.
 * @param gone ends the wait, since nobody listens any more
 * @throws BadQuery when the index or the wait is not one
 */
export async function readBlocking(
  read: () => Reading,
  query: URLSearchParams,
  log: RaftIndex,
  gone: AbortSignal,
): Promise<Reading> {
  const after = Number(query.get('index') ?? 0);
  if (!Number.isSafeInteger(after) || after < 0) throw new BadQuery('Invalid index');
  const giveUp = AbortSignal.any([gone, AbortSignal.timeout(waitOf(query.get('wait')))]);
  for (;;) {
    const reading = read();
    if (after === 0 || reading.index > after) return reading;
    if ((await log.wait(giveUp)) !== 'written') return read();
  }
}

/** Up to a sixteenth is added, so that those who asked together do not come back together. */
function waitOf(text: string | null): number {
  const wait = text === null ? DEFAULT_WAIT_MS : readGoDuration(text);
  if (wait === undefined) throw new BadQuery('Invalid wait time');
  const bounded = Math.min(wait === 0 ? DEFAULT_WAIT_MS : wait, MAX_WAIT_MS);
  return Math.round(bounded + (Math.random() * bounded) / 16);
}
