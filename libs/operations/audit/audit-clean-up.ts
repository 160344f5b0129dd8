import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import { Database } from '@fissile/kit/database';
import { AuditSettings } from './audit.settings.js';

const EVERY_MS = 10 * 60_000;
/** A small batch, so that other statements do not wait for the disk. */
const DELETE_AT_MOST = 2_000;

/** Deletes old records, by a function of the database: the process has no right to. */
@Injectable()
export class AuditCleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly settings: AuditSettings,
  ) {
    this.loop = new BackgroundLoop(`clean-up of the audit log of ${database.context}`, EVERY_MS, () =>
      this.deleteOld(),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** Deletes one batch. Returns true when there may be more. */
  async deleteOld(): Promise<boolean> {
    const [row] = await this.database.query<{ deleted: number }>(
      'SELECT delete_old_audit_records($1, $2) AS deleted',
      [this.settings.AUDIT_RETENTION_DAYS, DELETE_AT_MOST],
    );
    return row?.deleted === DELETE_AT_MOST;
  }
}
