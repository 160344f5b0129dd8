import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@fissile/kit/database';
import { findHash } from '../domain/recovery-codes.js';

const FIND = `
  SELECT secret, confirmed_at AS "confirmedAt",
    (SELECT count(*)::integer FROM recovery_codes WHERE recovery_codes.user_id = $1) AS "recoveryCodes"
  FROM second_factors WHERE user_id = $1`;

/** One that is not confirmed yet is replaced: its secret may have been lost on the way to the app. */
const BEGIN = `
  INSERT INTO second_factors (user_id, secret, encrypted_by) VALUES ($1, $2, $3)
  ON CONFLICT (user_id) DO UPDATE
  SET secret = excluded.secret, encrypted_by = excluded.encrypted_by, created_at = now()
  WHERE second_factors.confirmed_at IS NULL
  RETURNING user_id`;

/** Each step once, and none before one that was used: of two requests with the same code, one gets the row. */
const USE_STEP = `
  UPDATE second_factors SET last_step = $2, confirmed_at = coalesce(confirmed_at, now())
  WHERE user_id = $1 AND last_step < $2 AND (confirmed_at IS NULL) = $3
  RETURNING user_id`;

const RENEW = `
  UPDATE second_factors SET secret = $3, encrypted_by = $4 WHERE user_id = $1 AND secret = $2`;

export interface SecondFactor {
  /** Encrypted. */
  readonly secret: Buffer;
  /** Null until a code of the app has shown that the user has the secret. */
  readonly confirmedAt: Date | null;
  /** How many are left. */
  readonly recoveryCodes: number;
}

export interface SealedSecret {
  readonly secret: Buffer;
  /** The name of the key. */
  readonly encryptedBy: string;
}

export interface StaleSecret {
  readonly userId: string;
  readonly secret: Buffer;
}

/** The second factors of users, by their ids. */
@Injectable()
export class SecondFactorRepository {
  constructor(private readonly database: Database) {}

  async find(userId: string): Promise<SecondFactor | undefined> {
    const [row] = await this.database.query<SecondFactor>(FIND, [userId]);
    return row;
  }

  /** Whether there is one that counts. */
  async isActive(transaction: Transaction, userId: string): Promise<boolean> {
    const rows = await transaction.query(
      'SELECT FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL',
      [userId],
    );
    return rows.length > 0;
  }

  /** Returns false when there is one that counts already. */
  async begin(transaction: Transaction, userId: string, sealed: SealedSecret): Promise<boolean> {
    const { secret, encryptedBy } = sealed;
    return (await transaction.query(BEGIN, [userId, secret, encryptedBy])).length > 0;
  }

  /** By the step of its first code. Returns false when there is none to confirm. */
  async confirm(transaction: Transaction, userId: string, step: number): Promise<boolean> {
    return (await transaction.query(USE_STEP, [userId, step, true])).length > 0;
  }

  /** Returns false when the step, or a later one, was used. */
  async useStep(transaction: Transaction, userId: string, step: number): Promise<boolean> {
    return (await transaction.query(USE_STEP, [userId, step, false])).length > 0;
  }

  /** With its recovery codes. Returns false when there was none that counted. */
  async remove(transaction: Transaction, userId: string): Promise<boolean> {
    const [removed] = await transaction.query<{ confirmed: boolean }>(
      'DELETE FROM second_factors WHERE user_id = $1 RETURNING confirmed_at IS NOT NULL AS confirmed',
      [userId],
    );
    return removed?.confirmed ?? false;
  }

  /** The earlier ones are good no more. */
  async replaceRecoveryCodes(
    transaction: Transaction,
    userId: string,
    hashes: readonly Buffer[],
  ): Promise<void> {
    await transaction.query('DELETE FROM recovery_codes WHERE user_id = $1', [userId]);
    await transaction.query(
      'INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($2::bytea[])',
      [userId, hashes],
    );
  }

  /** Returns false when it is none of theirs, or was used. */
  async useRecoveryCode(transaction: Transaction, userId: string, hash: Buffer): Promise<boolean> {
    const rows = await transaction.query<{ hash: Buffer }>(
      'SELECT code_hash AS hash FROM recovery_codes WHERE user_id = $1',
      [userId],
    );
    const found = findHash(
      rows.map((row) => row.hash),
      hash,
    );
    if (!found) return false;
    const used = await transaction.query(
      'DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2 RETURNING user_id',
      [userId, found],
    );
    return used.length > 0;
  }

  /** Secrets that another key than this one has encrypted. */
  encryptedByOthers(key: string, limit: number): Promise<StaleSecret[]> {
    return this.database.query<StaleSecret>(
      `SELECT user_id AS "userId", secret FROM second_factors
       WHERE encrypted_by < $1 OR encrypted_by > $1 ORDER BY encrypted_by LIMIT $2`,
      [key, limit],
    );
  }

  /** Unless it has been replaced meanwhile. */
  async renew({ userId, secret }: StaleSecret, sealed: SealedSecret): Promise<void> {
    await this.database.query(RENEW, [userId, secret, sealed.secret, sealed.encryptedBy]);
  }
}
