import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningBroker, startBroker } from '../brokers.js';

/** Brokers that carry events, and keep their data across a restart. */
export const EVENT_BROKERS = ['rabbitmq', 'nats'] as const;

export type EventBroker = (typeof EVENT_BROKERS)[number];

/** A broker for one product, which keeps its data across restarts. */
export class OwnBroker {
  private constructor(
    private readonly name: EventBroker,
    private readonly folder: string,
    private running: RunningBroker,
  ) {}

  static async start(name: EventBroker): Promise<OwnBroker> {
    const folder = mkdtempSync(join(tmpdir(), 'fissile-broker-'));
    return new OwnBroker(name, folder, await startBroker(name, { folder }));
  }

  get url(): string {
    return this.running.url;
  }

  /** The settings of a product whose events it carries. */
  get settings(): Record<string, string> {
    return { EVENT_BUS: this.name, [`${this.name.toUpperCase()}_URL`]: this.url };
  }

  /** Stops it, and starts it again at the same address. */
  async restart(): Promise<void> {
    const port = Number(new URL(this.url).port);
    await this.running.stop();
    this.running = await startBroker(this.name, { port, folder: this.folder });
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
