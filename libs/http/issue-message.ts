/** An issue of Standard Schema, with what zod adds to it. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  /** The fields that are not known. */
  readonly keys?: readonly string[];
  /** The type, of `invalid_type`. */
  readonly expected?: string;
  /** What may be sent, of `invalid_value`. */
  readonly values?: readonly unknown[];
  /** What is too big or too small. */
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly inclusive?: boolean;
}

/** How zod begins a message where the schema gives none. */
const OF_ZOD = /^(Too big|Too small|Invalid input|Invalid option)\b/;

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const UNITS: Readonly<Record<string, string>> = { array: ' items', string: ' characters' };

/** What was expected in a field, and how much was sent instead; what was sent itself may be a secret. */
export function messageOf(issue: Issue, sent: unknown): string {
  const expected = OF_ZOD.test(issue.message) ? expectedBy(issue, sent) : issue.message;
  const size = sizeOf(issue, sent);
  return size === undefined ? expected : `${expected}, ${size} sent`;
}

function expectedBy({ code, expected = '', values, message, ...bounds }: Issue, sent: unknown): string {
  if (code === 'invalid_type') return `expected ${TYPES[expected] ?? expected}, ${typeOf(sent)} sent`;
  if (code === 'invalid_value' && values)
    return `expected ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}`;
  const { minimum, maximum, inclusive = true, origin = '' } = bounds;
  const unit = UNITS[origin] ?? '';
  if (maximum !== undefined) return `expected ${inclusive ? 'at most' : 'less than'} ${maximum}${unit}`;
  if (minimum !== undefined) return `expected ${inclusive ? 'at least' : 'more than'} ${minimum}${unit}`;
  return message;
}

function typeOf(sent: unknown): string {
  if (sent === undefined) return 'nothing';
  if (sent === null) return 'null';
  return TYPES[Array.isArray(sent) ? 'array' : typeof sent] ?? typeof sent;
}

/** undefined for what has none, and where the bound alone says that nothing was sent. */
function sizeOf({ code, origin }: Issue, sent: unknown): number | undefined {
  if (code !== 'too_big' && code !== 'too_small') return undefined;
  if (typeof sent === 'number') return sent;
  // A number of a query is sent as text, whose length is not what is measured.
  if (typeof sent === 'string' && origin === 'string') return sent.length || undefined;
  return Array.isArray(sent) ? sent.length || undefined : undefined;
}
