import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '#libs/background';
import type { EventEnvelope } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { EventBus } from './event-bus.js';
import { Outbox } from './outbox.js';

const BATCH_SIZE = 100;
const LOOK_EVERY_MS = 1000;
/** How long published events stay readable for people who look into a fault. */
const KEEP_PUBLISHED = '7 days';
const CLEAN_UP_EVERY_MS = 10 * 60 * 1000;
/** Names the lock that makes one relay per context publish at a time, which keeps the order per key. */
const RELAY_LOCK = 7_315_002;

interface OutboxRow {
  readonly position: number;
  readonly key: string;
  readonly envelope: EventEnvelope;
}

/** Publishes what is in the outbox: in order per key, at least once, woken by commits and by a look every second. */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly loop: BackgroundLoop;
  private readonly cleanUp: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    outbox: Outbox,
  ) {
    this.loop = new BackgroundLoop(`outbox relay of ${database.context}`, LOOK_EVERY_MS, () =>
      this.relayBatch(),
    );
    this.cleanUp = new BackgroundLoop(`outbox clean-up of ${database.context}`, CLEAN_UP_EVERY_MS, () =>
      this.deleteOld(),
    );
    outbox.onCommit(() => this.loop.wake());
  }

  onApplicationBootstrap(): void {
    this.loop.start();
    this.cleanUp.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.loop.stop(), this.cleanUp.stop()]);
  }

  /** Publishes the oldest events. Gives true when there may be more. */
  private async relayBatch(): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      if (!(await takeRelayLock(transaction))) return false;
      const rows = await transaction.query<OutboxRow>(
        'SELECT position, key, envelope FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT $1',
        [BATCH_SIZE],
      );
      if (rows.length === 0) return false;
      const published = await this.publishByKey(rows);
      await transaction.query('UPDATE outbox SET published_at = now() WHERE position = ANY($1)', [published]);
      return published.length === BATCH_SIZE;
    });
  }

  /** Publishes keys side by side and each key in order; a key stops at its first failure. */
  private async publishByKey(rows: readonly OutboxRow[]): Promise<number[]> {
    const byKey = Map.groupBy(rows, (row) => row.key);
    const published = await Promise.all([...byKey.values()].map((ofKey) => this.publishInOrder(ofKey)));
    return published.flat();
  }

  private async publishInOrder(rows: readonly OutboxRow[]): Promise<number[]> {
    const published: number[] = [];
    for (const row of rows) {
      try {
        await this.bus.publish(row.envelope);
      } catch (error) {
        const { type, id } = row.envelope;
        this.logger.warn(
          `${type} ${id} is not published yet: ${error instanceof Error ? error.message : error}`,
        );
        break;
      }
      published.push(row.position);
    }
    return published;
  }

  private async deleteOld(): Promise<boolean> {
    await this.database.query(`DELETE FROM outbox WHERE published_at < now() - interval '${KEEP_PUBLISHED}'`);
    return false;
  }
}

async function takeRelayLock(transaction: Transaction): Promise<boolean> {
  const [row] = await transaction.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [
    RELAY_LOCK,
  ]);
  return row?.taken === true;
}
