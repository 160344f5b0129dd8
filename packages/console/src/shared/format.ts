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
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** digits);
}

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
