import { Injectable } from '@nestjs/common';
import { CleanUp, Database, type Transaction } from '@fissile/kit/database';
import type { OrdersSettings } from '../orders.settings.js';

export interface UsedKey {
  readonly requestHash: Buffer;
  readonly orderId: string;
}

export interface NewKey extends UsedKey {
  readonly userId: string;
  readonly key: string;
}

const INSERT = `
  INSERT INTO idempotency_keys (user_id, key, request_hash, order_id)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::uuid[])`;

/** The idempotency keys of placed orders; each belongs to one user. */
@Injectable()
export class IdempotencyKeys {
  constructor(private readonly database: Database) {}

  async find(userId: string, key: string): Promise<UsedKey | undefined> {
    const [row] = await this.database.query<UsedKey>(
      `SELECT request_hash AS "requestHash", order_id AS "orderId" FROM idempotency_keys
       WHERE user_id = $1 AND key = $2`,
      [userId, key],
    );
    return row;
  }

  /** All of a user, newest first. */
  listOf(userId: string): Promise<object[]> {
    return this.database.query<object>(
      `SELECT key, order_id AS "orderId", created_at AS "createdAt" FROM idempotency_keys
       WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1000`,
      [userId],
    );
  }

  async deleteOf(transaction: Transaction, userId: string): Promise<void> {
    await transaction.query('DELETE FROM idempotency_keys WHERE user_id = $1', [userId]);
  }

  insert(transaction: Transaction, keys: readonly NewKey[]): void {
    if (keys.length === 0) return;
    transaction.queue(INSERT, [
      keys.map(({ userId }) => userId),
      keys.map(({ key }) => key),
      keys.map(({ requestHash }) => requestHash),
      keys.map(({ orderId }) => orderId),
    ]);
  }
}

/** The token of what deletes keys that are too old. */
export const ForgottenKeys = Symbol('ForgottenKeys');

export function forgottenKeys(database: Database, { IDEMPOTENCY_KEY_DAYS: days }: OrdersSettings): CleanUp {
  return new CleanUp('idempotency keys', database, [
    { table: 'idempotency_keys', since: 'created_at', days },
  ]);
}
