import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '#libs/background';
import { Database } from '#libs/database';
import { MessagingSettings } from './messaging.settings.js';

const CLEAN_UP_EVERY_MS = 10 * 60 * 1000;
/** Few enough that nobody waits for the rows, or for the disk. */
const DELETE_AT_MOST = 5_000;

/** Deletes what the outbox and the inbox need not remember any more. Dead letters stay until an operator decides. */
@Injectable()
export class MessagingCleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly settings: MessagingSettings,
  ) {
    const name = `clean-up of events of ${database.context}`;
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
    const { OUTBOX_RETENTION_DAYS, INBOX_RETENTION_DAYS } = this.settings;
    const deleted = [
      await this.deleteBatch('outbox', 'published_at', OUTBOX_RETENTION_DAYS),
      await this.deleteBatch('inbox', 'handled_at', INBOX_RETENTION_DAYS),
    ];
    return deleted.includes(DELETE_AT_MOST);
  }

  private async deleteBatch(table: string, column: string, days: number): Promise<number> {
    const deleted = await this.database.query(
      `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM ${table} WHERE ${column} < now() - $1 * interval '1 day' LIMIT ${DELETE_AT_MOST}))
       RETURNING 1`,
      [days],
    );
    return deleted.length;
  }
}
