import { type CallContext, currentCall, runInCall } from './call-context.js';

/** W3C Baggage lets a platform drop what is beyond these. */
const MAX_BYTES = 8_192;
const MAX_MEMBERS = 64;

const KEY = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const VALUE = '[\\x21\\x23-\\x2B\\x2D-\\x3A\\x3C-\\x5B\\x5D-\\x7E]*';
/** `key=value`, and properties such as `;ttl=30`. */
const MEMBER = new RegExp(
  `^(${KEY})[ \\t]*=[ \\t]*(${VALUE})((?:[ \\t]*;[ \\t]*${KEY}(?:[ \\t]*=[ \\t]*${VALUE})?)*)$`,
);

/** The members of a W3C `baggage` header that are well-formed and within the limits; undefined when there are none. */
export function acceptBaggage(header: string | string[] | undefined): string | undefined {
  if (header === undefined || header.length === 0) return undefined;
  return joined(String(header).split(','));
}

/** What the current call carries for all work that it causes: the values by their keys. */
export function currentBaggage(): Readonly<Record<string, string>> {
  const members = (currentCall()?.baggage ?? '').split(',').map((member) => MEMBER.exec(member));
  return Object.fromEntries(
    members.flatMap((found) => (found ? [[found[1] ?? '', decoded(found[2] ?? '')]] : [])),
  );
}

/**
 * Runs work whose calls, requests and events carry these entries too. They go wherever the work goes, in other processes as well,
 * so nothing that is secret or personal belongs there. Entries beyond the limits of W3C Baggage are dropped.
 * @throws Error outside of a call, where nothing would carry them
 */
export function withBaggage<T>(entries: Readonly<Record<string, string>>, work: () => T): T {
  const call = currentCall();
  if (!call) throw new Error('withBaggage: expected to run in a call, which carries the entries');
  const kept = (call.baggage ?? '')
    .split(',')
    .filter((member) => !((MEMBER.exec(member)?.[1] ?? '') in entries));
  const added = Object.entries(entries).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const changed: CallContext = { ...call, baggage: joined([...added, ...kept]) };
  return runInCall(changed, work);
}

function joined(members: readonly string[]): string | undefined {
  let text = '';
  let count = 0;
  for (const member of members) {
    const trimmed = member.trim();
    if (!MEMBER.test(trimmed)) continue;
    const longer = text === '' ? trimmed : `${text},${trimmed}`;
    if (longer.length > MAX_BYTES || count === MAX_MEMBERS) break;
    text = longer;
    count += 1;
  }
  return text === '' ? undefined : text;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
