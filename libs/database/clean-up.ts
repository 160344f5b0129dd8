import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import type { Database } from './connection/database.js';

const EVERY_MS = 10 * 60 * 1000;
/** Few enough that nobody waits for the rows, or for the disk. */
const DELETE_AT_MOST = 2_000;

/** Rows of a table that are not needed any more after some days. */
export interface OldRows {
  readonly table: string;
  /** The column that tells since when they are not needed. It has an index, of the rows below if there is a condition. */
  readonly since: string;
  readonly days: number;
  /** Only rows for which this holds. */
  readonly where?: string;
}

/** Deletes old rows at the start and every ten minutes, in small batches. */
export class CleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: BackgroundLoop;

  /** @param what is cleaned up, for the log */
  constructor(
    what: string,
    private readonly database: Database,
    private readonly rows: readonly OldRows[],
  ) {
    this.loop = new BackgroundLoop(`clean-up of ${what} of ${database.context}`, EVERY_MS, () =>
      this.deleteOld(),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** Deletes a batch of each. Gives true when there may be more. */
  async deleteOld(): Promise<boolean> {
    let more = false;
    for (const rows of this.rows) {
      const deleted = await this.database.query(deletionOf(rows), [rows.days]);
      more ||= deleted.length === DELETE_AT_MOST;
    }
    return more;
  }
}

/** In the order of the index: else PostgreSQL looks for them from the table's start, past all that were deleted before. */
function deletionOf({ table, since, where = 'true' }: OldRows): string {
  return `
    DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM ${table} WHERE ${where} AND ${since} < now() - $1 * interval '1 day'
      ORDER BY ${since} LIMIT ${DELETE_AT_MOST}))
    RETURNING 1`;
}
