import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import type { Database } from '#libs/database';

const PUBLISHED = 'outbox_published_total';
const HANDLED = 'inbox_handled_total';
const UNPUBLISHED = 'outbox_unpublished_events';
const LAG = 'outbox_lag_seconds';
const DEAD = 'dead_letters';

const BACKLOG = `
  SELECT count(*)::integer AS events, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS seconds
  FROM outbox WHERE published_at IS NULL`;

/** The databases of this process whose outboxes and dead letters are counted when somebody asks for metrics. */
@Injectable()
export class WatchedOutboxes {
  readonly databases = new Map<string, Database>();

  /** A database that is away has no figures, which is told by its health. */
  async read<Row>(sql: string, use: (context: string, row: Row) => void): Promise<void> {
    const reads = [...this.databases].map(async ([context, database]) => {
      const [row] = await database.query<Row>(sql);
      if (row) use(context, row);
    });
    await Promise.allSettled(reads);
  }
}

/** Counts what goes out to the bus and what comes in, by context. */
@Injectable()
export class MessagingMetrics {
  constructor(
    @InjectMetric(PUBLISHED) private readonly publishedTotal: Counter,
    @InjectMetric(HANDLED) private readonly handledTotal: Counter,
    private readonly outboxes: WatchedOutboxes,
  ) {}

  watchOutbox(database: Database): void {
    this.outboxes.databases.set(database.context, database);
  }

  published(context: string, outcome: 'ok' | 'failed'): void {
    this.publishedTotal.inc({ context, outcome });
  }

  /** @param outcome `duplicate` for an event that was handled before, `buried` for one that became a dead letter */
  handled(context: string, consumer: string, outcome: 'ok' | 'duplicate' | 'failed' | 'buried'): void {
    this.handledTotal.inc({ context, consumer, outcome });
  }
}

export const messagingMetricProviders = [
  WatchedOutboxes,
  MessagingMetrics,
  makeCounterProvider({
    name: PUBLISHED,
    help: 'Events handed to the bus, by context and outcome',
    labelNames: ['context', 'outcome'],
  }),
  makeCounterProvider({
    name: HANDLED,
    help: 'Deliveries of events, by context, consumer and outcome',
    labelNames: ['context', 'consumer', 'outcome'],
  }),
  makeGaugeProvider({
    name: UNPUBLISHED,
    help: 'Events that wait in the outbox',
    labelNames: ['context'],
    inject: [WatchedOutboxes],
    async collect(this: Gauge, outboxes: WatchedOutboxes) {
      await outboxes.read<{ events: number }>(BACKLOG, (context, { events }) =>
        this.set({ context }, events),
      );
    },
  }),
  makeGaugeProvider({
    name: LAG,
    help: 'Age of the oldest event that waits in the outbox, in seconds',
    labelNames: ['context'],
    inject: [WatchedOutboxes],
    async collect(this: Gauge, outboxes: WatchedOutboxes) {
      await outboxes.read<{ seconds: number }>(BACKLOG, (context, { seconds }) =>
        this.set({ context }, seconds),
      );
    },
  }),
  makeGaugeProvider({
    name: DEAD,
    help: 'Events that became dead letters and wait for an operator',
    labelNames: ['context'],
    inject: [WatchedOutboxes],
    async collect(this: Gauge, outboxes: WatchedOutboxes) {
      const count = 'SELECT count(*)::integer AS events FROM dead_letters';
      await outboxes.read<{ events: number }>(count, (context, { events }) => this.set({ context }, events));
    },
  }),
];
