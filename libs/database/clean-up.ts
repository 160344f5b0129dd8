import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import type { Database } from './connection/database.js';

const EVERY_MS = 10 * 60 * 1000;
/** Small enough not to block other transactions on the rows or on the disk. */
const DELETE_AT_MOST = 2_000;

/** Rows of a table that can be deleted, or columns of them that can be cleared, after some days. */
export interface OldRows {
  readonly table: string;
  /** The column with the time since when they can be deleted. It has an index, partial if there is a condition. */
  readonly since: string;
  readonly days: number;
  /** Only rows that match this condition. */
  readonly where?: string;
  /** The columns that are set to null, in rows that stay; the condition must no longer match these rows then. */
  readonly clear?: readonly string[];
}

/** Deletes old rows, or clears their columns, at the start and every ten minutes, in small batches. */
export class CleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: BackgroundLoop;

  /** @param what the name of the rows, for the log */
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

  /** Deletes one batch of each. Returns true when there may be more. */
  async deleteOld(): Promise<boolean> {
    let more = false;
    for (const rows of this.rows) {
      const deleted = await this.database.query(deletionOf(rows), [rows.days]);
      more ||= deleted.length === DELETE_AT_MOST;
    }
    return more;
  }
}

/**
 * Use the order of the index: otherwise PostgreSQL scans from the start of the table, past all rows that were deleted
 * before.
 */
function deletionOf({ table, since, where = 'true', clear }: OldRows): string {
  const change = clear
    ? `UPDATE ${table} SET ${clear.map((column) => `${column} = NULL`).join(', ')}`
    : `DELETE FROM ${table}`;
  return `
    ${change} WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM ${table} WHERE ${where} AND ${since} < now() - $1 * interval '1 day'
      ORDER BY ${since} LIMIT ${DELETE_AT_MOST}))
    RETURNING 1`;
}
