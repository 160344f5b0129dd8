import { ContextError } from '@fissile/kit/contract';
import { type FieldError, joinPath, MAX_ERRORS } from './validation.js';

/** Escapes of one half of a surrogate pair. */
const HALF_CHARACTER = /\\u[dD][89a-fA-F]/;
/** What may be a number with more digits than a double holds. Numbers of 15 digits and two of exponent are safe. */
const WIDE_NUMBER = /[\d.]{16}|\d[eE][+-]?\d{3}/;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/** A number that would not stay what was sent. */
class InexactNumber {
  constructor(readonly source: string) {}
}

/**
 * The fields of a JSON text that would not stay what was sent: numbers that lose digits as a double, and texts with half a
 * character, which no UTF-8 can hold. Both are rare, so most texts are only searched for what they might look like.
 * @param value the parsed text
 * @throws ContextError malformed_request for a text with such fields that is too deep to be searched
 */
export function inexactFields(text: string, value: unknown): FieldError[] {
  const isWide = WIDE_NUMBER.test(text);
  if (!isWide && !HALF_CHARACTER.test(text)) return [];
  return faultsOf(isWide ? parseMarked(text) : value);
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
    throw ContextError.of('malformed_request', 'The body is nested too deeply');
  }
}

/** A value with the way to it; the path is put together for a fault alone, since a body can be as deep as it is long. */
interface Visited {
  readonly value: unknown;
  readonly key?: PropertyKey;
  readonly parent?: Visited;
}

function faultsOf(root: unknown): FieldError[] {
  const found: FieldError[] = [];
  const open: Visited[] = [{ value: root }];
  for (let next = open.pop(); next && found.length < MAX_ERRORS; next = open.pop()) {
    const { value } = next;
    const message = faultOf(value);
    if (message !== undefined) found.push({ path: pathOf(next), message });
    if (value === null || typeof value !== 'object' || value instanceof InexactNumber) continue;
    for (const [name, item] of Object.entries(value)) {
      if (name.isWellFormed())
        open.push({ value: item, key: Array.isArray(value) ? Number(name) : name, parent: next });
      else found.push({ path: pathOf(next), message: 'expected names of whole characters' });
    }
  }
  return found;
}

function pathOf(visited: Visited): string {
  const keys: PropertyKey[] = [];
  for (let at: Visited | undefined = visited; at; at = at.parent) if (at.key !== undefined) keys.push(at.key);
  return joinPath(keys.reverse());
}

function faultOf(value: unknown): string | undefined {
  if (value instanceof InexactNumber)
    return `expected a number with fewer digits: ${value.source.slice(0, 50)} would not stay what it is`;
  if (typeof value === 'string' && !value.isWellFormed())
    return 'expected whole characters, not half of a surrogate pair';
  return undefined;
}

function isExact(source: string): boolean {
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
