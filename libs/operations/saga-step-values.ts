import { redactor } from '@fissile/kit/observability';
import type { SagaRecord, TimelineEntry } from '@fissile/kit/saga';

/** Enough to see what a step was about. */
const LONGEST_TEXT = 4_000;
const MOST_ITEMS = 20;
const DEEPEST = 6;

/** Ids, codes, times and addresses of things: what no person would write of themselves. */
const CODE = /^[\w.:+/-]{1,64}$/;

/** What contexts call that which is about people, where it looks like a code. Names that logs hide are the redactor's matter. */
const PERSONAL = /name|address|street|city|zip|postal|birth|phone|mail|note|comment|message/i;

const redact = redactor([]);

export interface StepValues {
  /** What the step found in the saga's data, as JSON that may be cut. */
  readonly input: string;
  /** What it added to that; undefined where that is nothing. */
  readonly output: string | undefined;
}

/**
 * What a step was given, and what came of it, as far as the saga's data still has it: a value that a later step has replaced is shown
 * with that one alone. Free text and what is personal are left out, since operators need them to mend no saga.
 */
export function stepValues({ data, timeline }: SagaRecord, entry: TimelineEntry): StepValues {
  const later = timeline.filter((other) => other !== entry && hasEndedAfter(other, entry.startedAt));
  const isOfLater = new Set(later.flatMap(({ added = [] }) => added));
  const isOwn = new Set((entry.added ?? []).filter((name) => !isOfLater.has(name)));
  const input = entriesOf(data).filter(([name]) => !isOfLater.has(name) && !isOwn.has(name));
  const output = entriesOf(data).filter(([name]) => isOwn.has(name));
  return { input: shown(input), output: output.length === 0 ? undefined : shown(output) };
}

/** An error's message, which goes to clients and logs too. */
export function shownMessage(message: string): string {
  return cut(redact(message));
}

const entriesOf = (data: object): [string, unknown][] => Object.entries(data);

function hasEndedAfter({ endedAt }: TimelineEntry, moment: string): boolean {
  return endedAt !== null && endedAt > moment;
}

function shown(entries: readonly [string, unknown][]): string {
  return cut(redact(JSON.stringify(safe(Object.fromEntries(entries), '', 0), undefined, 2)));
}

function safe(value: unknown, name: string, depth: number): unknown {
  if (typeof value === 'string') return safeText(value, name);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return '[more]';
  if (Array.isArray(value)) return safeItems(value, name, depth);
  return Object.fromEntries(entriesOf(value).map(([key, inner]) => [key, safe(inner, key, depth + 1)]));
}

function safeItems(items: readonly unknown[], name: string, depth: number): unknown[] {
  const kept = items.slice(0, MOST_ITEMS).map((item) => safe(item, name, depth + 1));
  return items.length > MOST_ITEMS ? [...kept, `[${items.length - MOST_ITEMS} more]`] : kept;
}

function safeText(text: string, name: string): string {
  if (PERSONAL.test(name)) return '[personal]';
  return CODE.test(text) ? text : `[text of ${text.length} characters]`;
}

const cut = (text: string): string => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
