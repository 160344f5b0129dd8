import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@fissile/kit/database';

/** A session is open until it is ended, or its last refresh token has expired. */
const LIST = `
  SELECT sessions.id, created_at AS "startedAt", coalesce(refreshed_at, created_at) AS "lastUsedAt",
    network, user_agent AS "userAgent"
  FROM sessions, LATERAL (
    SELECT max(used_at) AS refreshed_at, max(expires_at) AS expires_at
    FROM refresh_tokens WHERE session_id = sessions.id) AS tokens
  WHERE user_id = $1 AND ended_at IS NULL AND tokens.expires_at > now() AND ($3::uuid IS NULL OR sessions.id < $3)
  ORDER BY sessions.id DESC LIMIT $2`;

export interface ListedSession {
  readonly id: string;
  readonly startedAt: Date;
  /** When it was begun or last refreshed. */
  readonly lastUsedAt: Date;
  /** The client's address of IPv4 or network of IPv6 at the login; null for sessions from before it was recorded. */
  readonly network: string | null;
  readonly userAgent: string | null;
}

/** The open sessions of a user. */
@Injectable()
export class SessionList {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  of(userId: string, limit: number, olderThan?: string): Promise<ListedSession[]> {
    return this.database.query<ListedSession>(LIST, [userId, limit, olderThan ?? null]);
  }

  /** Whether it is an open session of the user, which is locked until the transaction ends. */
  async lock(transaction: Transaction, userId: string, sessionId: string): Promise<boolean> {
    const rows = await transaction.query(
      'SELECT FROM sessions WHERE id = $1 AND user_id = $2 AND ended_at IS NULL FOR UPDATE',
      [sessionId, userId],
    );
    return rows.length > 0;
  }
}
