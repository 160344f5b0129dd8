import type { Answer } from '../product/send-request.js';
import { valueAt } from './value-at.js';

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+(?:Z|[+-]\d\d:\d\d)`;
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const TOKEN = String.raw`eyJ[\w-]+\.[\w-]+\.[\w-]+`;
/** A key or digest: 32 bytes in base64url, or 16 in hexadecimal. */
const KEY = String.raw`(?<![\w-])(?:[\w-]{43}|[0-9a-f]{32})(?![\w-])`;
const MADE_UP = new RegExp([TIME, ID, TOKEN, KEY].join('|'), 'g');
const IS_TIME = new RegExp(`^${TIME}$`);

/**
 * Replaces what each run makes up. Ids, tokens and keys get names in the order in which they first appear, so that two runs
 * agree only when the same value comes back at the same places. Times are all alike: how many milliseconds lie between two of
 * them is no part of an answer.
 */
export class Normaliser {
  private readonly names = new Map<string, string>();

  /** @param opaque fields whose value means nothing */
  constructor(private readonly opaque: readonly string[] = []) {}

  /** @param unordered the path of a list in the body whose order means nothing */
  normalise({ status, headers, body }: Answer, unordered?: string): Answer {
    const compared = { status, headers, body: sorted(body, unordered) };
    const text = JSON.stringify(compared, (key, value: unknown) =>
      this.opaque.includes(key) && typeof value === 'string' ? '<opaque>' : value,
    );
    return JSON.parse(text.replace(MADE_UP, (value) => this.nameOf(value))) as Answer;
  }

  private nameOf(value: string): string {
    if (IS_TIME.test(value)) return '<time>';
    const name = this.names.get(value) ?? `<${this.names.size + 1}>`;
    this.names.set(value, name);
    return name;
  }
}

/** By what the items say beside what is made up. */
function sorted(body: unknown, unordered: string | undefined): unknown {
  if (unordered === undefined) return body;
  const copy = structuredClone(body);
  const list = valueAt(copy, unordered);
  const key = (item: unknown): string => JSON.stringify(item).replace(MADE_UP, '');
  if (Array.isArray(list)) list.sort((one, other) => (key(one) < key(other) ? -1 : 1));
  return copy;
}
