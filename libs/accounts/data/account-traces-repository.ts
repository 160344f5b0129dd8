import { Injectable } from '@nestjs/common';
import type { Transaction } from '@fissile/kit/database';
import { Database } from '@fissile/kit/database';

const SESSIONS = `
  SELECT id, created_at AS "startedAt", ended_at AS "endedAt", network, user_agent AS "userAgent" FROM sessions
  WHERE user_id = $1 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $2`;

const NETWORKS = `
  SELECT network, seen_at AS "seenAt" FROM known_networks WHERE user_id = $1 ORDER BY seen_at DESC LIMIT 1000`;

/** Also of sessions that are deleted by now: what happened to them is in the audit log under their ids. */
const SESSION_IDS = `
  SELECT id::text FROM sessions WHERE user_id = $1::uuid
  UNION SELECT details ->> 'sessionId' FROM audit_log WHERE subject = $1::text AND action = 'login.succeeded'`;

export interface KeptSession {
  readonly id: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly network: string | null;
  readonly userAgent: string | null;
}

/** What an account leaves behind beside its own row: sessions, networks, second factor, tokens and mails. */
@Injectable()
export class AccountTracesRepository {
  constructor(private readonly database: Database) {}

  /** Also those that have ended, newest first. */
  sessionsOf(userId: string, limit: number, olderThan?: string): Promise<KeptSession[]> {
    return this.database.query<KeptSession>(SESSIONS, [userId, limit, olderThan ?? null]);
  }

  networksOf(userId: string): Promise<object[]> {
    return this.database.query<object>(NETWORKS, [userId]);
  }

  /** That there is one, and since when: its secret is for the app alone. */
  secondFactorsOf(userId: string): Promise<object[]> {
    return this.database.query<object>(
      'SELECT confirmed_at AS "confirmedAt" FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL',
      [userId],
    );
  }

  async sessionIdsOf(transaction: Transaction, userId: string): Promise<string[]> {
    const rows = await transaction.query<{ id: string | null }>(SESSION_IDS, [userId]);
    return rows.flatMap(({ id }) => id ?? []);
  }

  /** Deletes the queued mails to an address. */
  async deleteMailsTo(transaction: Transaction, recipient: string): Promise<void> {
    await transaction.query('DELETE FROM account_mails WHERE recipient = $1', [recipient]);
  }

  /** Their refresh tokens go with the sessions. Access tokens of theirs must be revoked. */
  async deleteOf(transaction: Transaction, userId: string): Promise<void> {
    await transaction.query('DELETE FROM account_tokens WHERE user_id = $1', [userId]);
    await transaction.query('DELETE FROM second_factors WHERE user_id = $1', [userId]);
    await transaction.query('DELETE FROM known_networks WHERE user_id = $1', [userId]);
    await transaction.query('DELETE FROM sessions WHERE user_id = $1', [userId]);
  }
}
