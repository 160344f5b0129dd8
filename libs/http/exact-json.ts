import { ContextError } from '@fissile/kit/contract';
import { type FieldError, joinPath, MAX_ERRORS } from './validation.js';

/** Escapes of one half of a surrogate pair. */
const HALF_CHARACTER = /\\u[dD][89a-fA-F]/;
/** What may be a number with more digits than a double holds. Numbers of 15 digits and two of exponent are safe. */
const WIDE_NUMBER = /[\d.]{16}|\d[eE][+-]?\d{3}/;
/** Longer than any number that somebody means, and short enough to be compared digit by digit. */
const MAX_NUMBER_LENGTH = 400;
const MAX_DEPTH = 64;
const MAX_PATH_LENGTH = 200;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/** A number that would not stay what was sent. */
class InexactNumber {
  constructor(readonly source: string) {}
}

/**
 * The fields of a JSON text that would not stay what was sent: numbers that lose digits as a double, and texts with half a
 * character, which no UTF-8 can hold. Both are rare, so most texts are only searched for what they might look like.
 * @param value the parsed text
 * @throws ContextError malformed_request for a text that may have such fields and is nested too deeply
 */
export function inexactFields(text: string, value: unknown): FieldError[] {
  const isWide = WIDE_NUMBER.test(text);
  if (!isWide && !HALF_CHARACTER.test(text)) return [];
  return errorsIn(isWide ? parseMarked(text) : value);
}

function parseMarked(text: string): unknown {
  try {
    return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' && !isExact(context?.source ?? String(value))
        ? new InexactNumber(context?.source ?? String(value))
        : value,
    );
  } catch {
    // Unlike the parser, its revival of values is recursive.
    throw tooDeep();
  }
}

function tooDeep(): ContextError {
  return ContextError.of('malformed_request', `The body is nested more than ${MAX_DEPTH} levels deep`);
}

/** A value with the way to it; the path is put together for an error alone. */
interface Visited {
  readonly value: unknown;
  readonly depth: number;
  readonly key?: PropertyKey;
  readonly parent?: Visited;
}

function errorsIn(root: unknown): FieldError[] {
  const found: FieldError[] = [];
  const open: Visited[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next && found.length < MAX_ERRORS; next = open.pop()) {
    const { value, depth } = next;
    const message = errorOf(value);
    if (message !== undefined) found.push({ path: pathOf(next), message });
    if (value === null || typeof value !== 'object' || value instanceof InexactNumber) continue;
    if (depth > MAX_DEPTH) throw tooDeep();
    for (const [name, item] of Object.entries(value)) {
      const key = Array.isArray(value) ? Number(name) : name;
      if (name.isWellFormed()) open.push({ value: item, key, parent: next, depth: depth + 1 });
      else found.push({ path: pathOf(next), message: 'expected names of whole characters' });
    }
  }
  return found;
}

function pathOf(visited: Visited): string {
  const keys: PropertyKey[] = [];
  for (let at: Visited | undefined = visited; at; at = at.parent) if (at.key !== undefined) keys.push(at.key);
  return joinPath(keys.reverse()).slice(0, MAX_PATH_LENGTH);
}

function errorOf(value: unknown): string | undefined {
  if (value instanceof InexactNumber)
    return `expected a number with fewer digits: ${value.source.slice(0, 50)} would not stay what it is`;
  if (typeof value === 'string' && !value.isWellFormed())
    return 'expected whole characters, not half of a surrogate pair';
  return undefined;
}

function isExact(source: string): boolean {
  if (source.length > MAX_NUMBER_LENGTH) return false;
  const value = Number(source);
  return Number.isFinite(value) && canonical(source) === canonical(String(value));
}

/** The significant digits and the power of ten: the same for all spellings of a number. */
function canonical(number: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
