export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const withZone = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
const ofDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const MIB = 1024 * 1024;

export function money({ amountMinor, currency }: Money): string {
  const format = formatOf(currency);
  return format.format(amountMinor / 10 ** fractionOf(format));
}

/**
 * What was typed in whole units, such as 12.50, in minor ones; undefined for what is no such amount. By its digits: a product of
 * decimals may be off by one.
 */
export function minorUnits(text: string, currency: string): number | undefined {
  const [, whole, fraction = ''] = /^(\d{1,13})(?:[.,](\d{1,3}))?$/.exec(text.trim()) ?? [];
  const digits = digitsOf(currency);
  if (whole === undefined || digits === undefined || fraction.length > digits) return undefined;
  return Number(whole + fraction.padEnd(digits, '0'));
}

/** The same as it is typed, such as 12.50. */
export function typedAmount({ amountMinor, currency }: Money): string {
  const digits = digitsOf(currency) ?? 0;
  const all = String(amountMinor).padStart(digits + 1, '0');
  return digits === 0 ? all : `${all.slice(0, -digits)}.${all.slice(-digits)}`;
}

/** Undefined for what is no code of a currency. */
function digitsOf(currency: string): number | undefined {
  if (!/^[A-Z]{3}$/.test(currency)) return undefined;
  return fractionOf(formatOf(currency));
}

const formatOf = (currency: string): Intl.NumberFormat =>
  new Intl.NumberFormat('en', { style: 'currency', currency });

const fractionOf = (format: Intl.NumberFormat): number => format.resolvedOptions().maximumFractionDigits ?? 2;

export const count = (value: number): string => whole.format(value);

/** Such as 1 event, 2 events. */
export const counted = (value: number, what: string): string =>
  `${count(value)} ${what}${value === 1 ? '' : 's'}`;

export const rate = (perSecond: number): string => short.format(perSecond);

export const rateOrUnknown = (perSecond: number | undefined): string =>
  perSecond === undefined ? 'unknown' : rate(perSecond);

export const time = (iso: string): string => moment.format(new Date(iso));

export const timeWithZone = (iso: string): string => withZone.format(new Date(iso));

export const clockTime = (iso: string): string => ofDay.format(new Date(iso));

export const mebibytes = (bytes: number): string => `${whole.format(Math.round(bytes / MIB))}\u00a0MiB`;

/** Such as 0.4 ms, 340 ms, 12.4 s, 3 min or 2 h. */
export function duration(seconds: number): string {
  if (seconds < 0.01) return `${short.format(seconds * 1000)} ms`;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${short.format(seconds)} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  return `${short.format(seconds / 3_600)} h`;
}

/** The last part of a UUIDv7: the part that differs between neighbours. */
export const shortId = (id: string): string => id.slice(-8);

/** Of a page in its tab: one thing is known by its id among several tabs. */
export const tabTitle = (page: string, id: string | undefined): string =>
  id === undefined ? page : `${page} …${shortId(id)}`;
