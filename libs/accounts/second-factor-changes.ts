import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { AuditLog } from '@fissile/kit/operations';
import type { Caller } from '@fissile/kit/request';
import { AccountMails } from './account-mails.js';
import { SecondFactorRepository } from './data/second-factor-repository.js';
import { SecretBox } from './data/secret-box.js';
import { UserRepository } from './data/user-repository.js';
import { hashOfRecoveryCode, newRecoveryCodes } from './domain/recovery-codes.js';
import { newTotpSecret, otpauthUri, timeStepOf } from './domain/totp.js';
import type { User } from './domain/user.js';
import { EmailVerification } from './email-verification.js';
import { OwnerProof, type Proof, wrongCode } from './owner-proof.js';
import { SecondFactors } from './second-factors.js';
import { type EndedSessions, SessionEndings } from './session-endings.js';
import { UsersSettings } from './users.settings.js';

export interface SecondFactorState {
  readonly active: boolean;
  /** Whether rights of the user are withheld without it. */
  readonly required: boolean;
  readonly recoveryCodes: number;
}

/** What an app needs to show codes. */
export interface AppSecret {
  readonly secret: string;
  /** The same, as a link that an app opens. */
  readonly otpauth: string;
}

/**
 * Sets up second factors and removes them. A change ends the other sessions of the user, and refuses the access token that asks, since
 * it may say too much or too little from then on: its session goes on by the refresh token.
 */
@Injectable()
export class SecondFactorChanges {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly repository: SecondFactorRepository,
    private readonly factors: SecondFactors,
    private readonly proof: OwnerProof,
    private readonly verification: EmailVerification,
    private readonly endings: SessionEndings,
    private readonly box: SecretBox,
    private readonly mails: AccountMails,
    private readonly settings: UsersSettings,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ContextError user_not_found */
  async stateOf(userId: string): Promise<SecondFactorState> {
    const user = await this.require(userId);
    const factor = await this.factors.activeOf(user);
    return {
      active: factor !== undefined,
      required: this.factors.isRequiredOf(user.roles),
      recoveryCodes: factor?.recoveryCodes ?? 0,
    };
  }

  /**
   * Makes a secret, which counts once it is confirmed. Asked for again before that, it makes another.
   * @param address of the client
   * @throws RequestInvalid for a wrong password; ContextError email_not_verified, second_factor_exists, too_many_requests
   */
  async begin({ userId }: Caller, password: string, address: string): Promise<AppSecret> {
    const user = await this.require(userId);
    const { id, email } = user;
    // Else who registered somebody's address first could keep its owner out for good.
    if (!this.verification.counts(user)) throw ContextError.of('email_not_verified');
    if (await this.factors.activeOf(user)) throw ContextError.of('second_factor_exists');
    await this.proof.check(user, { password }, address);
    const secret = newTotpSecret();
    const sealed = { secret: this.box.close(secret), encryptedBy: this.box.keyName };
    const begun = await this.database.transaction((transaction) =>
      this.repository.begin(transaction, id, sealed),
    );
    if (!begun) throw ContextError.of('second_factor_exists');
    return { secret, otpauth: otpauthUri(secret, email, this.issuer()) };
  }

  /**
   * @returns the recovery codes, which are nowhere else
   * @throws RequestInvalid for a wrong code; ContextError second_factor_not_found
   */
  async confirm(caller: Caller, code: string): Promise<string[]> {
    const factor = await this.repository.find(caller.userId);
    if (!factor || factor.confirmedAt) throw ContextError.of('second_factor_not_found');
    const step = timeStepOf(this.box.open(factor.secret), code);
    if (step === undefined) throw wrongCode();
    return this.change(caller, 'second_factor.added', 'second_factor_added', async (transaction, user) => {
      if (!(await this.repository.confirm(transaction, user.id, step))) throw wrongCode();
      return this.replaceCodes(transaction, user);
    });
  }

  /**
   * @param address of the client
   * @throws RequestInvalid for a wrong password or code; ContextError second_factor_not_found, too_many_requests
   */
  async remove(caller: Caller, proof: Proof, address: string): Promise<void> {
    await this.check(caller.userId, proof, address);
    await this.change(
      caller,
      'second_factor.removed',
      'second_factor_removed',
      async (transaction, { id }) => {
        if (!(await this.repository.remove(transaction, id)))
          throw ContextError.of('second_factor_not_found');
      },
    );
  }

  /**
   * @param address of the client
   * @returns new recovery codes; the earlier ones are good no more
   * @throws as remove()
   */
  async renewRecoveryCodes({ userId }: Caller, proof: Proof, address: string): Promise<string[]> {
    const { id, email } = await this.check(userId, proof, address);
    return this.database.transaction(async (transaction) => {
      const user = await this.users.lock(transaction, id);
      if (!user || !(await this.repository.isActive(transaction, id))) {
        throw ContextError.of('second_factor_not_found');
      }
      await this.mails.add(transaction, 'recovery_codes_renewed', email);
      await this.audit.record(transaction, { action: 'recovery_codes.renewed', subject: id });
      return this.replaceCodes(transaction, user);
    });
  }

  /**
   * Removes the factor of somebody who has lost it, and ends their sessions. One's own is removed by a code alone, so that a stolen
   * session does not do it.
   * @throws ContextError user_not_found, second_factor_not_found, forbidden
   */
  async reset({ userId }: Caller, id: string): Promise<void> {
    if (id === userId) {
      throw ContextError.of('forbidden', 'Your own second factor is removed by a code of it');
    }
    const ended = await this.database.transaction(async (transaction) => {
      const user = await this.users.lock(transaction, id);
      if (!user) throw ContextError.of('user_not_found');
      if (!(await this.repository.remove(transaction, id))) throw ContextError.of('second_factor_not_found');
      await this.mails.add(transaction, 'second_factor_removed', user.email);
      await this.audit.record(transaction, { action: 'second_factor.reset', subject: id });
      return this.endings.endAll(transaction, id, 'ended_by_admin');
    });
    await this.endings.publish(ended);
  }

  private async change<T>(
    { userId, sessionId }: Caller,
    action: 'second_factor.added' | 'second_factor.removed',
    mail: 'second_factor_added' | 'second_factor_removed',
    work: (transaction: Transaction, user: User) => Promise<T>,
  ): Promise<T> {
    let ended: EndedSessions | undefined;
    const result = await this.database.transaction(async (transaction) => {
      const user = await this.users.lock(transaction, userId);
      if (!user) throw ContextError.of('user_not_found');
      const done = await work(transaction, user);
      await this.mails.add(transaction, mail, user.email);
      await this.audit.record(transaction, { action, subject: userId });
      const { endings } = this;
      ended = await endings.endOthersAndTokens(transaction, userId, sessionId, 'second_factor_changed');
      return done;
    });
    await this.endings.publish(ended);
    return result;
  }

  private async replaceCodes(transaction: Transaction, { id }: User): Promise<string[]> {
    const codes = newRecoveryCodes();
    await this.repository.replaceRecoveryCodes(transaction, id, codes.map(hashOfRecoveryCode));
    return codes;
  }

  private async check(userId: string, proof: Proof, address: string): Promise<User> {
    const user = await this.require(userId);
    if (!(await this.factors.activeOf(user))) throw ContextError.of('second_factor_not_found');
    return this.proof.check(user, proof, address);
  }

  private async require(userId: string): Promise<User> {
    const user = await this.users.find(userId);
    if (!user) throw ContextError.of('user_not_found');
    return user;
  }

  /** What an app shows beside the address of the account. */
  private issuer(): string | undefined {
    const { PUBLIC_URL: url } = this.settings;
    return url === undefined ? undefined : new URL(url).host;
  }
}
