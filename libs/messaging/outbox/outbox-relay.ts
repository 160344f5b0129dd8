import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import type { EventEnvelope } from '@fissile/kit/contract';
import { Database, PgNotifications } from '@fissile/kit/database';
import { EventBus } from '../buses/event-bus.js';
import { publishing } from '../event-spans.js';
import { MessagingMetrics } from '../messaging-metrics.js';
import { Outbox } from './outbox.js';
import { ScanStart } from './scan-start.js';

const BATCH_SIZE = 100;
const POLL_EVERY_MS = 1000;
/**
 * The batch window: events committed within this time form one batch, because a batch costs the same whatever its
 * size.
 */
const BATCH_WINDOW_MS = 20;
/** A batch that takes longer releases its keys, with the rest unpublished, before its leases expire. */
const BATCH_WITHIN_MS = 2_500;
/** After this time another relay publishes the events that a dead relay had claimed. */
const LEASE_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const SIGNAL = 'outbox';

/**
 * Reads the oldest events and claims their keys, in one statement that is its own transaction. Neither this commit
 * nor the commit of the marks needs to wait for the disk: events whose lease or mark is lost may be published again.
 */
const CLAIM = `
  WITH oldest AS (
    SELECT position, key, (hashtext(key) & 1023)::smallint AS bucket, envelope FROM outbox
    WHERE published_at IS NULL AND position > $1 ORDER BY position LIMIT ${BATCH_SIZE}
  ), free AS (
    SELECT bucket FROM outbox_leases
    WHERE bucket = ANY(ARRAY(SELECT bucket FROM oldest)) AND (lease_until <= now() OR owner = $2)
    ORDER BY bucket FOR UPDATE SKIP LOCKED
  ), claimed AS (
    UPDATE outbox_leases SET owner = $2, lease_until = now() + ${LEASE_MS} * interval '1 millisecond'
    WHERE bucket = ANY(ARRAY(SELECT bucket FROM free))
    RETURNING bucket
  )
  SELECT position, key, bucket, envelope, bucket IN (SELECT bucket FROM claimed) AS claimed,
    set_config('synchronous_commit', 'off', true)
  FROM oldest ORDER BY position`;

/**
 * Marks published events and releases the keys, in one commit: the next relay that claims the keys does not see these
 * events.
 */
const MARK_PUBLISHED = `
  WITH released AS (
    UPDATE outbox_leases SET lease_until = '-infinity' WHERE bucket = ANY($2) AND owner = $3
    RETURNING set_config('synchronous_commit', 'off', true)
  )
  UPDATE outbox SET published_at = now() WHERE position = ANY($1)`;

interface OutboxRow {
  readonly position: number;
  readonly key: string;
  /** Keys with the same bucket share one lease. */
  readonly bucket: number;
  readonly envelope: EventEnvelope;
  /** False while another relay has the lease. */
  readonly claimed: boolean;
}

/**
 * Publishes the events in the outbox: in order per key, at least once. Every process of the context has a relay, and
 * the relays share the work by key: a relay claims keys by a lease in one short transaction, publishes outside a
 * transaction, and marks the published events in another one. When a relay dies, or a lease expires before it is
 * done, events are published again, which keeps the order: a relay begins each key with the oldest unmarked event.
 * Commits of its own process and notifications of other processes wake the relay, and it polls every second. A key
 * that cannot be published delays no other key.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly loop: BackgroundLoop;
  /** The owner id of its leases. */
  private readonly self = randomUUID();
  /** Keys with an earlier event that was not published: their later events have to wait. */
  private readonly waiting = new Set<string>();
  /** While keys wait, events up to this position have been seen; they are read again from `retryAt` on. */
  private seenUpTo = 0;
  private readonly scanStart = new ScanStart();
  private retryAt = 0;
  private failedScans = 0;
  private scanFailed = false;
  private scanning = false;

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly notifications: PgNotifications,
    private readonly metrics: MessagingMetrics,
    outbox: Outbox,
  ) {
    const name = `outbox relay of ${database.context}`;
    this.loop = new BackgroundLoop(name, POLL_EVERY_MS, () => this.relayBatch(), BATCH_WINDOW_MS);
    outbox.onCommit(() => {
      this.loop.wake();
      notifications.notify(SIGNAL);
    });
  }

  onApplicationBootstrap(): void {
    this.metrics.watchOutbox(this.database);
    this.notifications.listen(SIGNAL, () => this.loop.wake());
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
    this.metrics.unwatchOutbox(this.database);
  }

  /** Publishes the oldest unseen events. Returns true when there may be more. */
  private async relayBatch(): Promise<boolean> {
    if (!this.scanning && (this.waiting.size === 0 || Date.now() >= this.retryAt)) this.beginScan();
    this.scanning = true;
    const rows = await this.database.query<OutboxRow>(CLAIM, [this.seenUpTo, this.self]);
    const claimed = rows.filter((row) => row.claimed).map(({ bucket }) => bucket);
    const published = await this.publishByKey(rows);
    if (claimed.length > 0) await this.database.query(MARK_PUBLISHED, [published, claimed, this.self]);
    this.seenUpTo = rows.at(-1)?.position ?? this.seenUpTo;
    this.scanStart.saw(this.seenUpTo);
    if (rows.length === BATCH_SIZE) return true;
    this.endScan();
    return false;
  }

  private beginScan(): void {
    this.seenUpTo = this.scanStart.next(this.waiting.size > 0);
    this.waiting.clear();
    this.scanFailed = false;
  }

  private endScan(): void {
    this.scanning = false;
    this.failedScans = this.scanFailed ? this.failedScans + 1 : 0;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.failedScans, 10));
    if (Date.now() >= this.retryAt) this.retryAt = Date.now() + pauseMs;
    if (this.waiting.size > 0) this.loop.wakeIn(this.retryAt - Date.now());
  }

  /** Publishes keys concurrently and each key in order; a key stops at its first failure. */
  private async publishByKey(rows: readonly OutboxRow[]): Promise<number[]> {
    const giveUpAt = Date.now() + BATCH_WITHIN_MS;
    const byKey = Map.groupBy(rows, ({ key }) => key);
    const published = await Promise.all(
      [...byKey].map(([key, ofKey]) => this.publishInOrder(key, ofKey, giveUpAt)),
    );
    return published.flat();
  }

  private async publishInOrder(key: string, rows: readonly OutboxRow[], giveUpAt: number): Promise<number[]> {
    const published: number[] = [];
    for (const row of rows) {
      if (this.waiting.has(key)) break;
      const mayGo = row.claimed && Date.now() < giveUpAt;
      if (mayGo && (await this.publish(row.envelope))) published.push(row.position);
      else this.waiting.add(key);
    }
    return published;
  }

  private async publish(envelope: EventEnvelope): Promise<boolean> {
    const { context } = this.database;
    try {
      await publishing(envelope, this.bus.system, (stamped) => this.bus.publish(stamped));
      this.metrics.published(context, 'ok');
      return true;
    } catch (error) {
      this.metrics.published(context, 'failed');
      if (!this.scanFailed) this.warn(envelope, error);
      this.scanFailed = true;
      return false;
    }
  }

  /** Once per pass over the outbox: when the bus is unavailable, one line is enough. */
  private warn({ type, id }: EventEnvelope, error: unknown): void {
    this.logger.warn(`${type} ${id} is not published yet: ${error instanceof Error ? error.message : error}`);
  }
}
