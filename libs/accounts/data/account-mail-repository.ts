import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database, type Transaction } from '@fissile/kit/database';
import type { AccountMailKind } from '../domain/account-mail.js';

/** Any number, as long as all that count the mails of a recipient request the same lock. */
const RECIPIENT_LOCK = 7_315_005;

/** What was dropped went to nobody, so it does not count. */
const ADD = `
  INSERT INTO account_mails (id, kind, recipient, source)
  SELECT $1, $2, $3, $4
  WHERE (
    SELECT count(*) FROM account_mails
    WHERE recipient = $3 AND kind = $2 AND status <> 'dropped' AND created_at > clock_timestamp() - interval '1 hour'
  ) < $5 AND (
    SELECT count(*) FROM account_mails WHERE source = $4 AND created_at > clock_timestamp() - interval '1 hour'
  ) < $6`;

const COUNT_OF_SOURCE = `
  SELECT count(*)::integer AS count FROM account_mails
  WHERE source = $1 AND created_at > clock_timestamp() - interval '1 hour'`;

/** Claims due mails and reschedules them, in case this process dies before it records the outcome. */
const CLAIM = `
  UPDATE account_mails SET attempts = attempts + 1, due_at = now() + interval '30 seconds'
  WHERE id IN (
    SELECT id FROM account_mails WHERE status = 'pending' AND due_at <= now()
    ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING id, kind, recipient, attempts`;

export interface NewAccountMail {
  readonly kind: AccountMailKind;
  /** A normalised address, with or without an account. */
  readonly recipient: string;
  /** The network of the client that asked for it; absent when nobody did. */
  readonly source?: string | undefined;
}

/** Mails within an hour. */
export interface MailLimits {
  readonly perRecipient: number;
  readonly perSource: number;
}

export interface DueAccountMail {
  readonly id: string;
  readonly kind: AccountMailKind;
  readonly recipient: string;
  readonly attempts: number;
}

/** Mails of accounts that are to be sent. A row has no token: that is made when the mail is. */
@Injectable()
export class AccountMailRepository {
  constructor(private readonly database: Database) {}

  /**
   * Adds a mail, unless within an hour its recipient has had as many of the kind, or its source has asked for as many, as the limits
   * say.
   */
  async add(
    transaction: Transaction,
    { kind, recipient, source }: NewAccountMail,
    { perRecipient, perSource }: MailLimits,
  ): Promise<void> {
    await transaction.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [RECIPIENT_LOCK, recipient]);
    await transaction.query(ADD, [uuidv7(), kind, recipient, source ?? null, perRecipient, perSource]);
  }

  /** How many were asked for from the network within an hour. */
  async countOfSource(source: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(COUNT_OF_SOURCE, [source]);
    return row?.count ?? 0;
  }

  claim(limit: number): Promise<DueAccountMail[]> {
    return this.database.query<DueAccountMail>(CLAIM, [limit]);
  }

  async finish(id: string, status: 'sent' | 'dropped'): Promise<void> {
    await this.database.query('UPDATE account_mails SET status = $2 WHERE id = $1', [id, status]);
  }

  async postpone(id: string, seconds: number): Promise<void> {
    await this.database.query(
      `UPDATE account_mails SET due_at = now() + $2 * interval '1 second' WHERE id = $1`,
      [id, seconds],
    );
  }
}
