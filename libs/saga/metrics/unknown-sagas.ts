import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import { Database } from '@fissile/kit/database';
import { SagaDefinitions } from '../definition/saga-definitions.js';

const POLL_EVERY_MS = 5 * 60 * 1000;

const UNKNOWN = `
  SELECT name || ':' || version AS key, count(*)::integer AS sagas
  FROM sagas
  WHERE status IN ('running', 'compensating') AND NOT name || ':' || version = ANY($1)
  GROUP BY 1 ORDER BY 1`;

/**
 * Warns of running sagas that this process cannot resume: during the rollout of a new version this is expected, but
 * sagas of a version that was removed too early would never end.
 */
@Injectable()
export class UnknownSagas implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(UnknownSagas.name);
  private readonly warned = new Set<string>();
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly definitions: SagaDefinitions,
  ) {
    const name = `look for unknown sagas of ${database.context}`;
    this.loop = new BackgroundLoop(name, POLL_EVERY_MS, () => this.poll());
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  async poll(): Promise<boolean> {
    const found = await this.database.query<{ key: string; sagas: number }>(UNKNOWN, [this.definitions.keys]);
    for (const { key, sagas } of found.filter((unknown) => !this.warned.has(unknown.key))) {
      this.warned.add(key);
      this.warn(
        `${sagas} unfinished sagas are ${key}, which this process of ${this.database.context} does not know`,
      );
    }
    return false;
  }

  protected warn(message: string): void {
    this.logger.warn(message);
  }
}
