import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import {
  Database,
  type MadeBetween,
  type PageOfRows,
  RowSearch,
  type Transaction,
} from '@fissile/kit/database';
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

const INSERT_ALL = `
  INSERT INTO audit_log (id, user_id, request_id, client_request_id, source, action, subject, outcome, details)
  SELECT id, $3::uuid, $4, $5, $6, $7, subject, 'done', '{}' FROM unnest($1::uuid[], $2::text[]) AS acts (id, subject)`;

/** The user of the current request, its ids, and where it came from. */
function whoActs(): (string | null)[] {
  const call = currentCall();
  const userId = call?.caller?.userId ?? call?.userId ?? null;
  return [userId, call?.requestId ?? null, call?.clientRequestId ?? null, call?.source ?? null];
}

const COLUMNS = `id, at, user_id AS "userId", request_id AS "requestId", client_request_id AS "clientRequestId", source,
  action, subject, outcome, details`;

/** The form of actions. */
const ACTION = /^[a-z_]+\.[a-z_]+$/;

/** Which records are looked for: whatever is here must fit. */
export interface AuditFilter extends MadeBetween {
  readonly action?: string | undefined;
  /** Who did it. */
  readonly userId?: string | undefined;
  /** The id of what it was done to. */
  readonly subject?: string | undefined;
}

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
    const values = [uuidv7(), ...whoActs(), action, subject, outcome, details];
    await (transaction ?? this.database).query(INSERT, values);
  }

  /** Newest first, older than the id that is given. */
  list(limit: number, olderThan?: string, action?: string): Promise<AuditRecord[]> {
    return this.search({ limit, cursor: olderThan }, { action });
  }

  /** Newest first, unless the page says otherwise. */
  search(page: PageOfRows, { action, userId, subject, ...made }: AuditFilter): Promise<AuditRecord[]> {
    const search = new RowSearch()
      .whereIndexed(userId, 'user_id', 'uuid')
      .whereIndexed(subject, 'subject', 'text');
    // As a constant, so that PostgreSQL knows of a rare one as it plans: for any it would read the log from its end.
    if (action !== undefined && ACTION.test(action)) search.whereTrue(`action = '${action}'`);
    else search.where(action, (of) => `action = ${of}`);
    // The index of people has no others.
    if (userId !== undefined) search.whereTrue('user_id IS NOT NULL');
    return this.database.query<AuditRecord>(
      `SELECT ${COLUMNS} FROM audit_log ${search.made(made).page(page)}`,
      search.values,
    );
  }

  /** Several of the same action, as record() each. */
  async recordAll(transaction: Transaction, action: AuditAction, subjects: readonly string[]): Promise<void> {
    if (subjects.length === 0) return;
    const ids = subjects.map(() => uuidv7());
    await transaction.query(INSERT_ALL, [ids, subjects, ...whoActs(), action]);
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
