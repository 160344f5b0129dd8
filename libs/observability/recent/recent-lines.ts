import pino from 'pino';
import { Ring, type RingBounds } from './ring.js';

/** A log line of this process, as operators see it. */
export interface RecentLine {
  /** Sorts by time, and names it among the lines of all processes. */
  readonly id: string;
  readonly at: number;
  readonly level: string;
  readonly message: string;
  readonly traceId: string | undefined;
  readonly error: string | undefined;
  /** All else that it says, such as its request. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LineQuery {
  readonly limit: number;
  /** Only older ones than this. */
  readonly before?: string | undefined;
  readonly level?: string | undefined;
  readonly text?: string | undefined;
  readonly traceId?: string | undefined;
  readonly sinceMs?: number | undefined;
}

interface KeptLine {
  /** Its number among the lines of the process. */
  readonly number: number;
  readonly at: number;
  readonly line: string;
}

interface Line {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly traceId?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
}

/** What each line of a process says of the process, which operators see elsewhere. */
const ELSEWHERE = new Set('level time msg traceId err pid service version env'.split(' '));

/** A page of lines has to fit into a message of any broker. */
const LONGEST_TEXT = 2_000;

/** Keeps the last lines of this process as they were written, after their redaction. */
export class RecentLines {
  private readonly ring: Ring<KeptLine>;

  /** @param instance names the process among all */
  constructor(
    bounds: RingBounds,
    private readonly instance: string,
  ) {
    this.ring = new Ring(bounds);
  }

  /** @param line as it is written, so nothing secret is in it */
  add(line: string): void {
    const at = Date.now();
    this.ring.add({ number: this.ring.next, at, line }, at, line.length);
  }

  /** Newest first. */
  list({ limit, before, level, text, traceId, sinceMs = 0 }: LineQuery): RecentLine[] {
    const least = level === undefined ? 0 : (pino.levels.values[level] ?? 0);
    const wanted = text?.toLowerCase();
    const found: RecentLine[] = [];
    for (const kept of this.ring.newestFirst()) {
      const { at, line } = kept;
      if (at < sinceMs || found.length === limit) break;
      const id = this.idOf(kept);
      if (before !== undefined && id >= before) continue;
      if (traceId !== undefined && !line.includes(traceId)) continue;
      if (wanted !== undefined && !line.toLowerCase().includes(wanted)) continue;
      const parsed = JSON.parse(line) as Line;
      if (parsed.level < least || (traceId !== undefined && parsed.traceId !== traceId)) continue;
      found.push(toRecent(id, at, parsed));
    }
    return found;
  }

  private idOf({ at, number }: KeptLine): string {
    return `${hex(at, 12)}${hex(number, 8)}-${this.instance}`;
  }
}

function toRecent(id: string, at: number, line: Line): RecentLine {
  const { level, msg = '', traceId, err } = line;
  const rest = Object.entries(line).filter(([field]) => !ELSEWHERE.has(field));
  return {
    id,
    at,
    level: pino.levels.labels[level] ?? String(level),
    message: shortened(msg),
    traceId,
    error: err && shortened(err.stack ?? err.message ?? ''),
    fields: Object.fromEntries(rest.map(([field, value]) => [field, shortenedValue(value)])),
  };
}

const shortened = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;

function shortenedValue(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_TEXT ? shortened(text) : value;
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
