import { readGoDuration } from './go-duration.js';
import type { RaftIndex } from './raft-index.js';

/** The result of a read: its index is that of the last change to this data, not of the last write overall. */
export interface Reading {
  readonly index: number;
  readonly status: number;
  readonly body: unknown;
}

const DEFAULT_WAIT_MS = 5 * 60_000;
const MAX_WAIT_MS = 10 * 60_000;

/** A request that Consul would reject. */
export class BadQuery extends Error {}

/**
 * Returns at once, or, when the query has an index, as soon as the data is newer than that index, or the wait
 * expires.
 * @param gone ends the wait, since the client disconnected
 * @throws BadQuery when the index or the wait is invalid
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

/** Adds jitter of up to a sixteenth, so that concurrent queries do not return at the same time. */
function waitOf(text: string | null): number {
  const wait = text === null ? DEFAULT_WAIT_MS : readGoDuration(text);
  if (wait === undefined) throw new BadQuery('Invalid wait time');
  const bounded = Math.min(wait === 0 ? DEFAULT_WAIT_MS : wait, MAX_WAIT_MS);
  return Math.round(bounded + (Math.random() * bounded) / 16);
}
