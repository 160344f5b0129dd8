import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '#libs/background';
import { Database } from '#libs/database';
import { AwaitedEvents } from './awaited-events.js';
import { SagaSettings } from './saga.settings.js';

const CLEAN_UP_EVERY_MS = 10 * 60 * 1000;
/** Few enough that nobody waits for the rows, or for the disk. */
const DELETE_AT_MOST = 2_000;

const DELETE_ENDED = `
  DELETE FROM sagas WHERE id = ANY(ARRAY(
    SELECT id FROM sagas
    WHERE status IN ('completed', 'compensated') AND updated_at < now() - $1 * interval '1 day'
    LIMIT ${DELETE_AT_MOST}))
  RETURNING 1`;

/** Deletes sagas that ended long ago, and events that came long ago. One that has not ended stays, however old it is. */
@Injectable()
export class SagaCleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly settings: SagaSettings,
    private readonly events: AwaitedEvents,
  ) {
    const name = `clean-up of sagas of ${database.context}`;
    this.loop = new BackgroundLoop(name, CLEAN_UP_EVERY_MS, () => this.deleteOld());
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** Gives true when there may be more. */
  async deleteOld(): Promise<boolean> {
    const days = this.settings.SAGA_RETENTION_DAYS;
    const sagas = await this.database.query(DELETE_ENDED, [days]);
    const events = await this.events.deleteOld(this.database, days, DELETE_AT_MOST);
    return sagas.length === DELETE_AT_MOST || events === DELETE_AT_MOST;
  }
}
