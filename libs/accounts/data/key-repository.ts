import { Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import { Database, type Transaction } from '@fissile/kit/database';

export interface StoredKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly id: string;
  readonly publicJwk: JWK;
  /** Encrypted. */
  readonly privateKey: Buffer;
  readonly signsFrom: Date;
  readonly signsUntil: Date;
}

const COLUMNS = `id, public_jwk AS "publicJwk", private_key AS "privateKey", signs_from AS "signsFrom",
  signs_until AS "signsUntil"`;
const KEYS_LOCK = 7_315_004;

@Injectable()
export class KeyRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first. */
  all(): Promise<StoredKey[]> {
    return this.database.query<StoredKey>(`SELECT ${COLUMNS} FROM signing_keys ORDER BY signs_from`);
  }

  /** Runs the function while no other process changes the keys. */
  exclusively(work: (transaction: Transaction, keys: StoredKey[]) => Promise<void>): Promise<void> {
    return this.database.transaction(async (transaction) => {
      await transaction.query('SELECT pg_advisory_xact_lock($1)', [KEYS_LOCK]);
      await work(
        transaction,
        await transaction.query<StoredKey>(`SELECT ${COLUMNS} FROM signing_keys ORDER BY signs_from`),
      );
    });
  }

  async insert(transaction: Transaction, key: StoredKey): Promise<void> {
    await transaction.query(
      'INSERT INTO signing_keys (id, public_jwk, private_key, signs_from, signs_until) VALUES ($1, $2, $3, $4, $5)',
      [key.id, key.publicJwk, key.privateKey, key.signsFrom, key.signsUntil],
    );
  }

  async replacePrivateKey(transaction: Transaction, id: string, privateKey: Buffer): Promise<void> {
    await transaction.query('UPDATE signing_keys SET private_key = $2 WHERE id = $1', [id, privateKey]);
  }

  async delete(transaction: Transaction, ids: readonly string[]): Promise<void> {
    await transaction.query('DELETE FROM signing_keys WHERE id = ANY($1)', [ids]);
  }
}
