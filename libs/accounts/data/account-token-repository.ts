import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@fissile/kit/database';
import { newSecret, hashOfSecret } from '../domain/secret.js';

export type TokenPurpose = 'verification' | 'password_reset' | 'console_link';

const ADD = `
  INSERT INTO account_tokens (token_hash, user_id, purpose, expires_at)
  VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 minute')`;

const OWNER = `
  SELECT user_id AS "userId" FROM account_tokens
  WHERE token_hash = $1 AND purpose = $2 AND expires_at > clock_timestamp()`;

/** The token of a mail, and all others of the same purpose: none of them is good any more. */
const USE = `
  WITH used AS (
    DELETE FROM account_tokens WHERE token_hash = $1 AND purpose = $2 AND expires_at > clock_timestamp()
    RETURNING user_id
  ), others AS (
    DELETE FROM account_tokens
    WHERE user_id = (SELECT user_id FROM used) AND purpose = $2 AND token_hash <> $1
  )
  SELECT user_id AS "userId" FROM used`;

/** The tokens in mails and links, each good once. They are kept as hashes, so a reader of the database can use none. */
@Injectable()
export class AccountTokenRepository {
  constructor(private readonly database: Database) {}

  /** @returns the token, which is nowhere else */
  async issue(userId: string, purpose: TokenPurpose, minutes: number): Promise<string> {
    const token = newSecret();
    await this.database.query(ADD, [hashOfSecret(token), userId, purpose, minutes]);
    return token;
  }

  /** Whose token it is, while it is good. */
  async ownerOf(token: string, purpose: TokenPurpose): Promise<string | undefined> {
    const [row] = await this.database.query<{ userId: string }>(OWNER, [hashOfSecret(token), purpose]);
    return row?.userId;
  }

  /** @returns whose token it was; undefined when it is not good (any more) */
  async use(transaction: Transaction, token: string, purpose: TokenPurpose): Promise<string | undefined> {
    const [row] = await transaction.query<{ userId: string }>(USE, [hashOfSecret(token), purpose]);
    return row?.userId;
  }
}
