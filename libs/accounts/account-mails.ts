import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { clientNetwork } from '@fissile/kit/http';
import { AccountMailer } from './account-mailer.js';
import { AccountMailRepository } from './data/account-mail-repository.js';
import type { AccountMailKind } from './domain/account-mail.js';
import { UsersSettings } from './users.settings.js';

/** How long a network that has asked too often is told to wait, in seconds. */
const RETRY_AFTER = 15 * 60;

/** Queues mails of accounts, within limits by recipient and by who asks. */
@Injectable()
export class AccountMails {
  constructor(
    private readonly database: Database,
    private readonly mails: AccountMailRepository,
    private readonly mailer: AccountMailer,
    private readonly settings: UsersSettings,
  ) {}

  /**
   * Asks for a mail on behalf of a client that is not signed in. Nothing says whether the address has an account, or has had as
   * many mails as it may.
   * @param address of the client
   * @throws ContextError too_many_requests, with the seconds to wait as `retryAfter`
   */
  async request(kind: AccountMailKind, recipient: string, address: string): Promise<void> {
    const source = clientNetwork(address);
    if ((await this.mails.countOfSource(source)) >= this.settings.ACCOUNT_MAILS_PER_ADDRESS) {
      const retryAfter = RETRY_AFTER;
      throw ContextError.of('too_many_requests', 'Too many mails were asked for; see Retry-After', {
        retryAfter,
      });
    }
    await this.database.transaction((transaction) => this.add(transaction, kind, recipient, source));
  }

  /**
   * Sends a mail once the transaction is committed, unless the recipient has had, or the source has asked for, as many as it may.
   * @param source the network of who asks, if somebody does
   */
  async add(
    transaction: Transaction,
    kind: AccountMailKind,
    recipient: string,
    source?: string,
  ): Promise<void> {
    const { ACCOUNT_MAILS_PER_HOUR: perRecipient, ACCOUNT_MAILS_PER_ADDRESS: perSource } = this.settings;
    await this.mails.add(transaction, { kind, recipient, source }, { perRecipient, perSource });
    transaction.afterCommit(() => this.mailer.wake());
  }
}
