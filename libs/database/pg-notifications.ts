import { Injectable, Logger, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { backoff } from '@fissile/kit/async';
import { Database } from './connection/database.js';

const PAUSE_MS = { first: 50, longest: 5_000 };
/**
 * The debounce window: notifications of one kind within this time are sent as one. They are sent after the commit
 * that they report, never inside it: PostgreSQL serializes the commits of transactions that contain a notification.
 */
const BATCH_WINDOW_MS = 100;

/**
 * Notifies the other processes of a context of new work, by LISTEN and NOTIFY. A notification is a hint: it may get
 * lost with its connection, so a listener also polls periodically.
 */
@Injectable()
export class PgNotifications implements OnModuleDestroy, OnApplicationShutdown {
  /** A connection that only listens would not notice that it is dead: it asks, and is given up without an answer. */
  protected readonly heartbeatMs = { every: 10_000, answeredWithin: 5_000 };
  private readonly logger = new Logger(PgNotifications.name);
  /** Identifies our own notifications, which this process ignores. */
  private readonly self = randomUUID();
  private readonly listeners = new Map<string, () => void>();
  private readonly gathering = new Map<string, NodeJS.Timeout>();
  private client: pg.Client | undefined;
  private failures = 0;
  private beating: NodeJS.Timeout | undefined;
  private reconnecting: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly database: Database) {}

  /** @param kind a name of lower-case letters and _, the same in all processes */
  listen(kind: string, listener: () => void): void {
    this.listeners.set(kind, listener);
    if (this.listeners.size === 1) void this.connect();
    else void this.client?.query(`LISTEN ${kind}`).catch(() => undefined);
  }

  /** Notifies the other processes after the debounce window. */
  notify(kind: string): void {
    if (this.stopped || this.gathering.has(kind)) return;
    const timer = setTimeout(() => {
      this.gathering.delete(kind);
      this.database.query('SELECT pg_notify($1, $2)', [kind, this.self]).catch(() => undefined);
    }, BATCH_WINDOW_MS);
    this.gathering.set(kind, timer);
  }

  /** Listens no more, until somebody listens again; work that is under way still notifies others. */
  async onModuleDestroy(): Promise<void> {
    this.listeners.clear();
    clearTimeout(this.reconnecting);
    clearInterval(this.beating);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const timer of this.gathering.values()) clearTimeout(timer);
    await this.onModuleDestroy();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      ...this.database.connection,
      query_timeout: this.heartbeatMs.answeredWithin,
    });
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
      this.startHeartbeat(client);
      // Notifications that were sent while nothing listened.
      for (const listener of this.listeners.values()) listener();
    } catch (error) {
      this.logger.debug(`no notifications of ${this.database.context}: ${(error as Error).message}`);
      this.lost(client);
    }
    if (this.listeners.size === 0) await client.end().catch(() => undefined);
  }

  private startHeartbeat(client: pg.Client): void {
    clearInterval(this.beating);
    this.beating = setInterval(() => {
      client.query('SELECT 1').catch(() => this.lost(client));
    }, this.heartbeatMs.every).unref();
  }

  private lost(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    clearInterval(this.beating);
    void client.end().catch(() => undefined);
    if (this.listeners.size === 0) return;
    const pauseMs = backoff(this.failures, PAUSE_MS);
    this.failures += 1;
    this.reconnecting = setTimeout(() => void this.connect(), pauseMs);
    this.reconnecting.unref();
  }
}
