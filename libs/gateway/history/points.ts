/** What a stretch of time was like, at the edge of the product and in its queues. NaN is what is not known. */
export interface Point {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  readonly requestsPerSecond: number;
  readonly failedPerSecond: number;
  readonly p50Seconds: number;
  readonly p99Seconds: number;
  readonly outboxLagSeconds: number;
  readonly outboxEvents: number;
  readonly inboxEvents: number;
}

const COLUMNS = [
  'at',
  'requestsPerSecond',
  'failedPerSecond',
  'p50Seconds',
  'p99Seconds',
  'outboxLagSeconds',
  'outboxEvents',
  'inboxEvents',
] as const satisfies readonly (keyof Point)[];

/** The last points: a later one takes the place of the oldest. All of its memory is taken at the start. */
export class Points {
  private readonly columns: Readonly<Record<keyof Point, Float64Array>>;
  private added = 0;

  constructor(private readonly capacity: number) {
    this.columns = Object.fromEntries(
      COLUMNS.map((name) => [name, new Float64Array(capacity)]),
    ) as unknown as Record<keyof Point, Float64Array>;
  }

  add(point: Point): void {
    const place = this.added % this.capacity;
    for (const name of COLUMNS) this.columns[name][place] = point[name];
    this.added += 1;
  }

  /** Oldest first. @param from in milliseconds since 1970 */
  since(from: number): Point[] {
    const first = Math.max(0, this.added - this.capacity);
    const places = Array.from({ length: this.added - first }, (_, index) => (first + index) % this.capacity);
    return places.map((place) => this.pointAt(place)).filter(({ at }) => at > from);
  }

  get bytes(): number {
    return Object.values(this.columns).reduce((sum, column) => sum + column.byteLength, 0);
  }

  private pointAt(place: number): Point {
    const entries = COLUMNS.map((name) => [name, this.columns[name][place]]);
    return Object.fromEntries(entries);
  }
}
