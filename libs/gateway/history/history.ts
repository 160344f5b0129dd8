import type { Mark } from './marks.js';
import { marksBetween } from './marks.js';
import { type Point, Points } from './points.js';
import type { Reading } from './reading.js';
import { NO_TRAFFIC, quantileOf, sumOfTraffic, type Traffic, trafficBetween } from './traffic.js';

/** How often the instances are read. */
export const READ_EVERY_MS = 10_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** An hour of single readings, and six hours of minutes. */
const CAPACITY = 360;
/** More than six hours of a product have, unless its processes crash all the time; then the last count. */
const MOST_MARKS = 200;

export const RANGES = { '15m': 15 * MINUTE_MS, '1h': HOUR_MS, '6h': 6 * HOUR_MS } as const;
export type Range = keyof typeof RANGES;

export interface Stretch {
  readonly from: number;
  readonly everySeconds: number;
  readonly points: readonly Point[];
  readonly marks: readonly Mark[];
}

/** Joins so many readings to a point. */
class Series {
  readonly points = new Points(CAPACITY);
  private traffic = NO_TRAFFIC;
  private readings: Reading[] = [];

  constructor(private readonly readingsPerPoint: number) {}

  add(traffic: Traffic, reading: Reading): void {
    this.traffic = sumOfTraffic(this.traffic, traffic);
    this.readings.push(reading);
    if (this.readings.length < this.readingsPerPoint) return;
    this.points.add(this.joined(reading.at));
    this.traffic = NO_TRAFFIC;
    this.readings = [];
  }

  /** Of queues the longest: a point must not hide what was there in between. */
  private joined(at: number): Point {
    const { seconds, requests, failed, within } = this.traffic;
    const highest = (of: (reading: Reading) => number): number => {
      const known = this.readings.map(of).filter((value) => !Number.isNaN(value));
      return known.length === 0 ? Number.NaN : Math.max(...known);
    };
    return {
      at,
      requestsPerSecond: requests / seconds,
      failedPerSecond: failed / seconds,
      p50Seconds: quantileOf(0.5, within),
      p99Seconds: quantileOf(0.99, within),
      outboxLagSeconds: highest(({ outboxLagSeconds }) => outboxLagSeconds),
      outboxEvents: highest(({ outboxEvents }) => outboxEvents),
      inboxEvents: highest(({ inboxEvents }) => inboxEvents),
    };
  }
}

/**
 * What the product did in the last six hours, as far as this process has seen it. Its memory is the same from the start on: two times
 * 360 points of 8 numbers of 8 bytes are 45 KiB, and 200 marks, each a small object, are less than that.
 */
export class History {
  private readonly fine = new Series(1);
  private readonly coarse = new Series(MINUTE_MS / READ_EVERY_MS);
  private marks: readonly Mark[] = [];
  private last: Reading | undefined;
  private readonly starts = new Map<string, number>();

  add(reading: Reading): void {
    const { last } = this;
    this.last = reading;
    if (last) this.compare(last, reading);
    for (const [process, starts] of reading.starts) {
      this.starts.set(process, Math.max(this.starts.get(process) ?? 0, ...starts));
    }
  }

  private compare(last: Reading, reading: Reading): void {
    const traffic = trafficBetween(last, reading);
    this.fine.add(traffic, reading);
    this.coarse.add(traffic, reading);
    this.marks = [...this.marks, ...marksBetween(last, reading, this.starts)].slice(-MOST_MARKS);
  }

  /** The last so many minutes: longer ranges have a point for each minute. */
  read(range: Range, now: number): Stretch {
    const from = now - RANGES[range];
    const isLong = RANGES[range] > HOUR_MS;
    const { points } = isLong ? this.coarse : this.fine;
    return {
      from,
      everySeconds: (isLong ? MINUTE_MS : READ_EVERY_MS) / 1_000,
      points: points.since(from),
      marks: this.marks.filter(({ at }) => at > from),
    };
  }

  /** What the points take, which does not grow. */
  get bytes(): number {
    return this.fine.points.bytes + this.coarse.points.bytes;
  }
}
