import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@fissile/kit/database';
import type { EndReason } from '../domain/end-reason.js';

/** A process that stops in between loses its transaction, and the revocation is repeated or does not happen. */
const MAX_IDLE_BEFORE_COMMIT = '5s';

/** Enough to know a browser by. */
const MAX_USER_AGENT_LENGTH = 120;

/** None is good for longer than its session. */
const ADD_TOKEN = `
  INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
  SELECT $1, id, least(
    clock_timestamp() + $3 * interval '1 day', created_at + $4 * interval '1 day')
  FROM sessions WHERE id = $2`;

const USE_TOKEN = `
  UPDATE refresh_tokens SET used_at = clock_timestamp(), successor = $2
  WHERE token_hash = $1 AND used_at IS NULL AND expires_at > clock_timestamp()
  RETURNING session_id`;

const RECENT_SUCCESSOR = `
  SELECT successor FROM refresh_tokens
  WHERE token_hash = $1 AND used_at > clock_timestamp() - $2 * interval '1 second'`;

const FIND_TOKEN = `
  SELECT session_id AS "sessionId", user_id AS "userId", used_at IS NOT NULL AS used,
    end_reason AS "endReason", expires_at <= clock_timestamp() AS "isExpired"
  FROM refresh_tokens JOIN sessions ON sessions.id = session_id
  WHERE token_hash = $1`;

/** After the moment until which the user's tokens are rejected, even within the same millisecond. */
const MOMENT_OF_ISSUE = `
  SELECT greatest(
    date_trunc('milliseconds', clock_timestamp()),
    (SELECT revoked_at + interval '1 millisecond' FROM revocations WHERE subject_id = $1)) AS at`;

/** One moment for all subjects: no token issued to them, even since their last revocation, is later. */
const REVOKE = `
  INSERT INTO revocations AS known (subject_id, revoked_at)
  SELECT subject_id, greatest(
    date_trunc('milliseconds', clock_timestamp()),
    (SELECT max(revoked_at) + interval '1 millisecond' FROM revocations WHERE subject_id = ANY($1)))
  FROM unnest($1::uuid[]) AS subject_id
  ON CONFLICT (subject_id) DO UPDATE SET revoked_at = greatest(excluded.revoked_at, known.revoked_at)
  RETURNING revoked_at AS at`;

/** A small batch, so that other statements do not wait for the rows or the disk. */
const DELETE_AT_MOST = 2_000;

/**
 * Each session has a token, and is deleted with its last one; a token that expired a day ago reveals no theft any
 * more.
 */
const DELETE_EXPIRED = `
  WITH expired AS (
    DELETE FROM refresh_tokens WHERE token_hash = ANY(ARRAY(
      SELECT token_hash FROM refresh_tokens WHERE expires_at < now() - interval '1 day'
      ORDER BY expires_at LIMIT ${DELETE_AT_MOST}))
    RETURNING session_id
  ), ended AS (
    DELETE FROM sessions WHERE id = ANY(ARRAY(SELECT session_id FROM expired)) AND NOT EXISTS (
      SELECT FROM refresh_tokens WHERE session_id = sessions.id AND expires_at > now())
  )
  SELECT count(*)::integer AS tokens FROM expired`;

export interface Revocation {
  readonly subjectId: string;
  readonly revokedAt: Date;
}

export interface TokenLifetime {
  readonly days: number;
  /** How long a session lasts, from its login. */
  readonly sessionDays: number;
}

/** Who begins a session, as its user will see it. */
export interface SessionClient {
  readonly network?: string | undefined;
  /** As the client sends it; it is cut. */
  readonly userAgent?: string | undefined;
}

export interface FoundToken {
  readonly sessionId: string;
  readonly userId: string;
  readonly used: boolean;
  /** Of its session; null too where it ended before reasons were kept. */
  readonly endReason: EndReason | null;
  readonly isExpired: boolean;
}

/**
 * Sessions, their refresh tokens, and revocations. A session is the family of the tokens that follow one login.
 *
 * Issuing and revoking both lock the user first, then the session, and read the database's clock afterwards: so the
 * later of the two sees what the earlier one did, whichever processes they are in.
 */
@Injectable()
export class SessionRepository {
  constructor(private readonly database: Database) {}

  async begin(
    transaction: Transaction,
    sessionId: string,
    userId: string,
    { network, userAgent }: SessionClient = {},
  ): Promise<void> {
    await transaction.query(
      'INSERT INTO sessions (id, user_id, network, user_agent) VALUES ($1, $2, $3, $4)',
      [sessionId, userId, network ?? null, userAgent?.slice(0, MAX_USER_AGENT_LENGTH) ?? null],
    );
  }

  async addToken(
    transaction: Transaction,
    sessionId: string,
    tokenHash: Buffer,
    lifetime: TokenLifetime,
  ): Promise<void> {
    const { days, sessionDays } = lifetime;
    await transaction.query(ADD_TOKEN, [tokenHash, sessionId, days, sessionDays]);
  }

  async findToken(transaction: Transaction, tokenHash: Buffer): Promise<FoundToken | undefined> {
    const [row] = await transaction.query<FoundToken>(FIND_TOKEN, [tokenHash]);
    return row;
  }

  /** Locks the session against ending and token rotation. Returns whether it is open. */
  async lock(transaction: Transaction, sessionId: string): Promise<boolean> {
    const rows = await transaction.query(
      'SELECT FROM sessions WHERE id = $1 AND ended_at IS NULL FOR UPDATE',
      [sessionId],
    );
    return rows.length > 0;
  }

  /**
   * Invalidates the token; returns false when it is not valid (any more).
   * @param successor the token that takes its place, encrypted
   */
  async useToken(transaction: Transaction, tokenHash: Buffer, successor: Buffer): Promise<boolean> {
    return (await transaction.query(USE_TOKEN, [tokenHash, successor])).length > 0;
  }

  /** What took the place of a token that was used within the last seconds, encrypted. */
  async recentSuccessor(
    transaction: Transaction,
    tokenHash: Buffer,
    seconds: number,
  ): Promise<Buffer | undefined> {
    const [row] = await transaction.query<{ successor: Buffer | null }>(RECENT_SUCCESSOR, [
      tokenHash,
      seconds,
    ]);
    return row?.successor ?? undefined;
  }

  /** The time to stamp on a token issued now to a locked user: not before the user's last revocation. */
  async momentOfIssue(transaction: Transaction, userId: string): Promise<Date> {
    const [row] = await transaction.query<{ at: Date }>(MOMENT_OF_ISSUE, [userId]);
    if (!row) throw new Error('the database returned no time');
    return row.at;
  }

  /** The time by the database's clock, which stamps tokens and revocations alike, whichever process asks. */
  async now(): Promise<Date> {
    const [row] = await this.database.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    if (!row) throw new Error('the database returned no time');
    return row.now;
  }

  /**
   * Ends sessions and revokes their access tokens; those of the user too when one is given, who is locked then. It
   * must come last in the transaction, since pollers of revocations look back only so far.
   * @returns the moment until which tokens are rejected
   */
  async end(
    transaction: Transaction,
    sessionIds: readonly string[],
    reason: EndReason | null,
    userId?: string,
  ): Promise<Date> {
    await transaction.query(`SET LOCAL idle_in_transaction_session_timeout = '${MAX_IDLE_BEFORE_COMMIT}'`);
    await transaction.query(
      `UPDATE sessions SET ended_at = clock_timestamp(), end_reason = $2
       WHERE id = ANY($1) AND ended_at IS NULL`,
      [sessionIds, reason],
    );
    const subjects = userId ? [...sessionIds, userId] : sessionIds;
    const moments = await transaction.query<{ at: Date }>(REVOKE, [subjects]);
    return new Date(Math.max(...moments.map(({ at }) => at.getTime())));
  }

  async openSessionsOf(transaction: Transaction, userId: string): Promise<string[]> {
    const rows = await transaction.query<{ id: string }>(
      'SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL',
      [userId],
    );
    return rows.map(({ id }) => id);
  }

  /** All that may still be relevant when no moment is given. */
  revokedSince(since?: Date): Promise<Revocation[]> {
    return this.database.query<Revocation>(
      `SELECT subject_id AS "subjectId", revoked_at AS "revokedAt" FROM revocations
       WHERE revoked_at >= coalesce($1::timestamptz, '-infinity')`,
      [since],
    );
  }

  /** Deletes a batch of what no token can need any more. Returns true when there may be more. */
  async deleteOld(accessTokensLiveMs: number): Promise<boolean> {
    await this.database.query(
      `DELETE FROM revocations WHERE revoked_at < now() - $1 * interval '1 millisecond'`,
      [accessTokensLiveMs],
    );
    const [expired] = await this.database.query<{ tokens: number }>(DELETE_EXPIRED);
    return expired?.tokens === DELETE_AT_MOST;
  }
}
