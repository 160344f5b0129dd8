import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Database } from './connection/database.js';

const LONGEST_PAUSE_MS = 5_000;
/**
 * Signals of one kind that follow each other within this time are sent as one. They are sent after the commit that they
 * tell of, never inside of it: PostgreSQL lets only one transaction with a notification commit at a time.
 */
const BATCH_WINDOW_MS = 100;

/**
 * Tells the other processes of a context that there is something to do, by LISTEN and NOTIFY. A signal is a hint: one may
 * get lost with its connection, so who listens also looks for itself now and then.
 */
@Injectable()
export class PgNotifications implements OnApplicationShutdown {
  private readonly logger = new Logger(PgNotifications.name);
  /** Tells our own signals, which are not for us, from those of others. */
  private readonly self = randomUUID();
  private readonly listeners = new Map<string, () => void>();
  private readonly gathering = new Map<string, NodeJS.Timeout>();
  private client: pg.Client | undefined;
  private failures = 0;
  private reconnecting: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly database: Database) {}

  /** @param kind a name of small letters and _, the same in all processes */
  listen(kind: string, listener: () => void): void {
    this.listeners.set(kind, listener);
    if (this.listeners.size === 1) void this.connect();
    else void this.client?.query(`LISTEN ${kind}`).catch(() => undefined);
  }

  /** Tells the other processes, soon. */
  notify(kind: string): void {
    if (this.stopped || this.gathering.has(kind)) return;
    const timer = setTimeout(() => {
      this.gathering.delete(kind);
      this.database.query('SELECT pg_notify($1, $2)', [kind, this.self]).catch(() => undefined);
    }, BATCH_WINDOW_MS);
    this.gathering.set(kind, timer);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.reconnecting);
    for (const timer of this.gathering.values()) clearTimeout(timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client(this.database.connection);
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ channel, payload }) => {
      if (payload !== this.self) this.listeners.get(channel)?.();
    });
    this.client = client;
    try {
      await client.connect();
      for (const kind of this.listeners.keys()) await client.query(`LISTEN ${kind}`);
      this.failures = 0;
      // What was told while nobody listened.
      for (const listener of this.listeners.values()) listener();
    } catch (error) {
      this.logger.debug(`no signals of ${this.database.context}: ${(error as Error).message}`);
      this.lost(client);
    }
    if (this.stopped) await client.end().catch(() => undefined);
  }

  private lost(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    void client.end().catch(() => undefined);
    if (this.stopped) return;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, 50 * 2 ** this.failures);
    this.failures += 1;
    this.reconnecting = setTimeout(() => void this.connect(), pauseMs);
    this.reconnecting.unref();
  }
}
