import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import { sharedWhileUnderWay } from '@fissile/kit/async';
import type { Database } from '@fissile/kit/database';

const PUBLISHED = 'outbox_published_total';
const HANDLED = 'inbox_handled_total';
const DELIVERED = 'event_deliveries_total';
const UNPUBLISHED = 'outbox_unpublished_events';
const LAG = 'outbox_lag_seconds';
const DEAD = 'dead_letters';
const WAITING = 'inbox_waiting_events';

const BACKLOG = `
  SELECT count(*)::integer AS unpublished,
    coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS "lagSeconds",
    (SELECT count(*)::integer FROM dead_letters) AS "deadLetters",
    (SELECT count(*)::integer FROM waiting_events) AS waiting
  FROM outbox WHERE published_at IS NULL`;

/** Counts of a context's unpublished events and dead letters. */
interface Backlog {
  readonly unpublished: number;
  readonly lagSeconds: number;
  readonly deadLetters: number;
  /** Events that wait behind a dead letter. */
  readonly waiting: number;
}

/** The databases of this process whose outboxes and dead letters are counted when metrics are scraped. */
@Injectable()
export class WatchedOutboxes {
  readonly databases = new Map<string, Database>();

  /**
   * By context. One query serves all metrics; an unavailable database has no values, and its health check reports it.
   */
  readonly backlogs = sharedWhileUnderWay(async (): Promise<ReadonlyMap<string, Backlog>> => {
    const found = new Map<string, Backlog>();
    const reads = [...this.databases].map(async ([context, database]) => {
      const [row] = await database.query<Backlog>(BACKLOG);
      if (row) found.set(context, row);
    });
    await Promise.allSettled(reads);
    return found;
  });
}

/** Counts published and received events, by context. */
@Injectable()
export class MessagingMetrics {
  constructor(
    @InjectMetric(PUBLISHED) private readonly publishedTotal: Counter,
    @InjectMetric(HANDLED) private readonly handledTotal: Counter,
    private readonly outboxes: WatchedOutboxes,
    @InjectMetric(DELIVERED) private readonly deliveredTotal: Counter,
  ) {}

  watchOutbox(database: Database): void {
    this.outboxes.databases.set(database.context, database);
  }

  unwatchOutbox(database: Database): void {
    this.outboxes.databases.delete(database.context);
  }

  published(context: string, outcome: 'ok' | 'failed'): void {
    this.publishedTotal.inc({ context, outcome });
  }

  /**
   * @param outcome `duplicate` for an event that was already handled, `waiting` for one that waits behind a dead letter,
   *   `buried` for a dead-lettered event
   */
  handled(
    context: string,
    consumer: string,
    outcome: 'ok' | 'duplicate' | 'waiting' | 'failed' | 'buried',
  ): void {
    this.handledTotal.inc({ context, consumer, outcome });
  }

  /** An event of one context was given to another without a broker, in this process or from another one. */
  delivered(source: string, context: string): void {
    this.deliveredTotal.inc({ source, context });
  }
}

function figureOfContext(name: string, help: string, figureOf: (backlog: Backlog) => number) {
  return makeGaugeProvider({
    name,
    help,
    labelNames: ['context'],
    inject: [WatchedOutboxes],
    async collect(this: Gauge, outboxes: WatchedOutboxes) {
      for (const [context, backlog] of await outboxes.backlogs()) this.set({ context }, figureOf(backlog));
    },
  });
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
  makeCounterProvider({
    name: DELIVERED,
    help: 'Events given to the contexts that handle them without a broker, by the context that published them',
    labelNames: ['source', 'context'],
  }),
  figureOfContext(UNPUBLISHED, 'Events that wait in the outbox', ({ unpublished }) => unpublished),
  figureOfContext(
    LAG,
    'Age of the oldest event that waits in the outbox, in seconds',
    ({ lagSeconds }) => lagSeconds,
  ),
  figureOfContext(
    DEAD,
    'Events that became dead letters and wait for an operator',
    ({ deadLetters }) => deadLetters,
  ),
  figureOfContext(WAITING, 'Events that wait behind a dead letter of their key', ({ waiting }) => waiting),
];
