import { isProduction, settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';
import type { RingBounds } from './ring.js';

const MINUTE_MS = 60_000;
const MEBIBYTE = 1024 * 1024;
/** As many as a page of the console can tell something about. */
const SPANS_IN_DEVELOPMENT = 5_000;

/** What a process keeps of its traces and logs in its memory, for the console. */
@SettingsGroup()
export class RecentTelemetrySettings extends settings({
  RECENT_SPANS: {
    schema: wholeNumber(0, 100_000).optional(),
    description:
      'How many finished spans a process keeps in memory, for the traces of the console; 0 keeps none, and takes no traces unless a ' +
      `collector is set. Unset, ${SPANS_IN_DEVELOPMENT}, in production 0. 1,000 take about 2 MiB. OTEL_TRACES_SAMPLER decides which ` +
      'requests are traced.',
  },
  RECENT_LOG_MIB: {
    schema: wholeNumber(0, 256).default(2),
    description:
      'How much of its last log lines, in MiB, a process keeps in memory for the console; 0 keeps none.',
  },
  RECENT_MINUTES: {
    schema: wholeNumber(1, 24 * 60).default(15),
    description:
      'How long spans and log lines are kept in memory, in minutes, where the other two bounds allow it.',
  },
}) {}

/** An average line has more than this, so that the number of lines bounds nothing else. */
const SHORTEST_LINE = 100;

export function spanBounds({ RECENT_SPANS, RECENT_MINUTES }: RecentTelemetrySettings): RingBounds {
  const items = RECENT_SPANS ?? (isProduction() ? 0 : SPANS_IN_DEVELOPMENT);
  return { items, ageMs: RECENT_MINUTES * MINUTE_MS };
}

export function lineBounds({ RECENT_LOG_MIB, RECENT_MINUTES }: RecentTelemetrySettings): RingBounds {
  const size = RECENT_LOG_MIB * MEBIBYTE;
  return { items: Math.ceil(size / SHORTEST_LINE), ageMs: RECENT_MINUTES * MINUTE_MS, size };
}
