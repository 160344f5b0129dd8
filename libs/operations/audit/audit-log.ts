import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database, type Transaction } from '@fissile/kit/database';
import { currentCall } from '@fissile/kit/request';
import type { AuditAction } from '@fissile/kit/contract';

export interface AuditEntry {
  readonly action: AuditAction;
  /** The id of what it was done to. */
  readonly subject: string;
  readonly outcome?: AuditOutcome;
  /** Plain values: no secrets, and nothing by which a person is known but ids. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface AuditRecord {
  readonly id: string;
  readonly at: Date;
  /** The user who did it; null without a signed-in user. */
  readonly userId: string | null;
  /** The id by which logs and traces of the request are found: ours, which no client chose. */
  readonly requestId: string | null;
  /** The id that the client gave the request. */
  readonly clientRequestId: string | null;
  /** The address of the client; null for what no request caused. */
  readonly source: string | null;
  readonly action: string;
  readonly subject: string;
  readonly outcome: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const INSERT = `
  INSERT INTO audit_log (id, user_id, request_id, client_request_id, source, action, subject, outcome, details)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

const COLUMNS = `id, at, user_id AS "userId", request_id AS "requestId", client_request_id AS "clientRequestId", source,
  action, subject, outcome, details`;

/** The form of actions. */
const ACTION = /^[a-z_]+\.[a-z_]+$/;

export type AuditOutcome = 'done' | 'refused' | 'failed';

/**
 * By the person, or about them where nobody else is known to have done it. Rows are compared, so that PostgreSQL reads each part from the
 * index of people or of subjects: by a plain condition it may read the log from its end.
 */
const OF_PERSON = `
  SELECT * FROM (
    (SELECT ${COLUMNS} FROM audit_log
     WHERE user_id IS NOT NULL AND (user_id, id) >= ($1::uuid, $4::uuid) AND (user_id, id) < ($1::uuid, $3::uuid)
     ORDER BY audit_log.user_id DESC, id DESC LIMIT $2)
    UNION ALL
    (SELECT ${COLUMNS} FROM audit_log
     WHERE user_id IS NULL AND (subject, id) >= ($1::uuid::text, $4::uuid) AND (subject, id) < ($1::uuid::text, $3::uuid)
     ORDER BY audit_log.subject DESC, id DESC LIMIT $2)
  ) AS records
  ORDER BY id DESC LIMIT $2`;

const BEFORE_ANY_ID = '00000000-0000-0000-0000-000000000000';
const AFTER_ANY_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Who did what in a context. Append-only: records are kept as they are until they are old, but for where somebody was who is forgotten. */
@Injectable()
export class AuditLog {
  constructor(private readonly database: Database) {}

  /**
   * Records what the user of the current request does.
   * @param transaction the one that does it, so that the one is not kept without the other; undefined when there is none
   */
  async record(transaction: Transaction | undefined, entry: AuditEntry): Promise<void> {
    const { action, subject, outcome = 'done', details = {} } = entry;
    const call = currentCall();
    const userId = call?.caller?.userId ?? call?.userId ?? null;
    const origin = [call?.requestId ?? null, call?.clientRequestId ?? null, call?.source ?? null];
    const values = [uuidv7(), userId, ...origin, action, subject, outcome, details];
    await (transaction ?? this.database).query(INSERT, values);
  }

  /** Newest first, older than the id that is given. */
  list(limit: number, olderThan?: string, action?: string): Promise<AuditRecord[]> {
    const values: unknown[] = [limit];
    const where = [
      ...(olderThan === undefined ? [] : [`id < $${values.push(olderThan)}`]),
      ...(action === undefined
        ? []
        : // As a constant, so that PostgreSQL knows of a rare one as it plans: for any it would read the log from its end.
          [ACTION.test(action) ? `action = '${action}'` : `action = $${values.push(action)}`]),
    ];
    return this.database.query<AuditRecord>(
      `SELECT ${COLUMNS} FROM audit_log WHERE ${where.join(' AND ') || 'true'} ORDER BY id DESC LIMIT $1`,
      values,
    );
  }

  /** What a person did, newest first, older than the id that is given. */
  listOfPerson(userId: string, limit: number, olderThan?: string): Promise<AuditRecord[]> {
    const range = [olderThan ?? AFTER_ANY_ID, BEFORE_ANY_ID];
    return this.database.query<AuditRecord>(OF_PERSON, [userId, limit, ...range]);
  }

  /**
   * Erases from where a person acted, and what their client called its requests. What they did stays, under their id.
   * @param subjects ids, beside that of the person, of what only the person deals with, such as their sessions
   */
  async forgetSources(
    within: Transaction | Database,
    userId: string,
    subjects: readonly string[] = [],
  ): Promise<void> {
    await within.query('SELECT erase_audit_sources($1, $2)', [userId, [userId, ...subjects]]);
  }
}
