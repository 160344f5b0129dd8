import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';

/** Takes a refresh token out of use; only the first to ask gets a row. */
const USE_TOKEN = `
  UPDATE refresh_tokens SET used_at = now()
  FROM sessions
  WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now()
    AND sessions.id = refresh_tokens.session_id AND sessions.ended_at IS NULL
  RETURNING sessions.id AS "sessionId", sessions.user_id AS "userId"`;

const FIND_SESSION = `
  SELECT session_id AS "sessionId", user_id AS "userId", used_at IS NOT NULL AS used
  FROM refresh_tokens JOIN sessions ON sessions.id = session_id WHERE token_hash = $1`;

const REVOKE = `
  INSERT INTO revocations (subject_id, revoked_at)
  SELECT unnest($1::uuid[]), $2
  ON CONFLICT (subject_id) DO UPDATE SET revoked_at = greatest(revocations.revoked_at, excluded.revoked_at)`;

export interface KnownToken {
  readonly sessionId: string;
  readonly userId: string;
  readonly used: boolean;
}

export interface Revocation {
  readonly subjectId: string;
  readonly revokedAt: Date;
}

/** Sessions, their refresh tokens, and what was revoked. A session is the family of the tokens that follow one login. */
@Injectable()
export class SessionRepository {
  constructor(private readonly database: Database) {}

  async begin(transaction: Transaction, sessionId: string, userId: string): Promise<void> {
    await transaction.query('INSERT INTO sessions (id, user_id) VALUES ($1, $2)', [sessionId, userId]);
  }

  async addToken(
    transaction: Transaction,
    sessionId: string,
    tokenHash: Buffer,
    expiresAt: Date,
  ): Promise<void> {
    await transaction.query(
      'INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, $3)',
      [tokenHash, sessionId, expiresAt],
    );
  }

  /** Takes the token out of use. Gives its session, or undefined when it could not be used (any more). */
  async useToken(
    transaction: Transaction,
    tokenHash: Buffer,
  ): Promise<{ sessionId: string; userId: string } | undefined> {
    const [row] = await transaction.query<{ sessionId: string; userId: string }>(USE_TOKEN, [tokenHash]);
    return row;
  }

  async findToken(tokenHash: Buffer): Promise<KnownToken | undefined> {
    const [row] = await this.database.query<KnownToken>(FIND_SESSION, [tokenHash]);
    return row;
  }

  /** Makes whoever ends the session, or refreshes it, wait until the transaction ends. */
  async lock(transaction: Transaction, sessionId: string): Promise<void> {
    await transaction.query('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [sessionId]);
  }

  /** The time by the database's clock, which stamps tokens and revocations alike, whichever process asks. */
  async now(transaction: Transaction | Database = this.database): Promise<Date> {
    const [row] = await transaction.query<{ now: Date }>(
      `SELECT date_trunc('milliseconds', clock_timestamp()) AS now`,
    );
    return row?.now ?? new Date();
  }

  /** Ends sessions and has their access tokens refused; those of the user too when one is given. */
  async end(
    transaction: Transaction,
    sessionIds: readonly string[],
    at: Date,
    userId?: string,
  ): Promise<void> {
    await transaction.query('UPDATE sessions SET ended_at = $2 WHERE id = ANY($1) AND ended_at IS NULL', [
      sessionIds,
      at,
    ]);
    await transaction.query(REVOKE, [userId ? [...sessionIds, userId] : sessionIds, at]);
  }

  async openSessionsOf(transaction: Transaction, userId: string): Promise<string[]> {
    const rows = await transaction.query<{ id: string }>(
      'SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL',
      [userId],
    );
    return rows.map(({ id }) => id);
  }

  revokedSince(since: Date): Promise<Revocation[]> {
    return this.database.query<Revocation>(
      'SELECT subject_id AS "subjectId", revoked_at AS "revokedAt" FROM revocations WHERE revoked_at >= $1',
      [since],
    );
  }

  /** Deletes what no token can need any more. */
  async deleteOld(accessTokensIssuedBefore: Date): Promise<void> {
    await this.database.query('DELETE FROM revocations WHERE revoked_at < $1', [accessTokensIssuedBefore]);
    await this.database.query(
      `DELETE FROM sessions WHERE NOT EXISTS (
         SELECT FROM refresh_tokens WHERE session_id = sessions.id AND expires_at > now())
       AND created_at < now() - interval '1 day'`,
    );
  }
}
