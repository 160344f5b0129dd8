/** Takes secrets and what belongs to a person out of a line. */
export type Redact = (line: string) => string;

const HIDDEN = '[redacted]';

/** Names of sensitive fields, also as part of a longer name. */
const PRIVATE =
  'password|passwd|passphrase|secret|token|authorization|cookie|api[-_]?key|private[-_]?key|credential|email|e-mail|recipient|phone|card|cvc|cvv|iban';

type Rule = readonly [pattern: RegExp, replacement: string | ((found: string, ...groups: never[]) => string)];

/** Later rules see what earlier ones have left, so addresses with a password come before emails. */
const RULES: readonly Rule[] = [
  // "password":"…", also inside a text that is JSON itself, where the quotes are escaped.
  [
    new RegExp(
      String.raw`(\\*")([\w.\- ]*(?:${PRIVATE})[\w.\-]*)\1(\s*:\s*)\1(?:(?!\1)(?:\\.|[^\\]))*\1`,
      'gi',
    ),
    `$1$2$1$3$1${HIDDEN}$1`,
  ],
  // password: '…', as Node shows an object, and password=… in a query, a form or a message.
  [new RegExp(String.raw`\b([\w-]*(?:${PRIVATE})[\w-]*'?\s*:\s*)'[^']*'`, 'gi'), `$1'${HIDDEN}'`],
  [new RegExp(String.raw`\b([\w-]*(?:${PRIVATE})[\w-]*)=[^\s"'\\,;&)]+`, 'gi'), `$1=${HIDDEN}`],
  // What PostgreSQL says of a row that breaks a rule: Key (email)=(…), Failing row contains (…).
  [/(Key \([^)"]*\)=\()[^"]*?\)(?=[ ."\\]|$)/g, `$1${HIDDEN})`],
  [/(Failing row contains \()[^"]*?\)(?=[."\\]|$)/g, `$1${HIDDEN})`],
  [/\b(Bearer|Basic)\s+[\w.~+/-]+=*/gi, `$1 ${HIDDEN}`],
  [/\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g, HIDDEN],
  [/\$argon2\w*\$[^\s"\\]+/g, HIDDEN],
  [/\b[a-z]{2}_(?:live|test)_\w+/g, HIDDEN],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s"\\/@]*:[^\s"\\@]*@/gi, `$1${HIDDEN}@`],
  [/(\/[^\s"?\\]*)\?[^\s"\\]+/g, `$1?${HIDDEN}`],
  [/[\p{L}\p{N}._%+'&-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/gu, HIDDEN],
  [/(?<![\w.-])[3-6]\d{3}(?:[ -]?\d){10,15}(?![\w-])/g, withoutCard],
];

/**
 * Makes the function that redacts each line before it is written.
 * @param secrets values that must not appear, whatever their form
 */
export function redactor(secrets: readonly string[]): Redact {
  const literal = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return (line) => {
    let left = line;
    for (const secret of literal) left = left.replaceAll(secret, HIDDEN);
    for (const [pattern, replacement] of RULES) left = left.replace(pattern, replacement as string);
    return left;
  };
}

/** The number of a card, by its check digit. A bare number of JSON has to stay one. */
function withoutCard(found: string, offset: number, line: string): string {
  if (!hasCheckDigit(found.replace(/\D/g, ''))) return found;
  return line[offset - 1] === ':' ? '0' : HIDDEN;
}

/** By Luhn's formula: from the right, every second digit counts twice. */
function hasCheckDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
