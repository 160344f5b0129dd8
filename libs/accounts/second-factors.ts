import { Injectable, Logger } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { AuditLog } from '@fissile/kit/operations';
import { AccountMails } from './account-mails.js';
import { type SecondFactor, SecondFactorRepository } from './data/second-factor-repository.js';
import { SecretBox } from './data/secret-box.js';
import { hashOfRecoveryCode } from './domain/recovery-codes.js';
import { readTotpCode, timeStepOf } from './domain/totp.js';
import type { User } from './domain/user.js';
import { LoginAttempts } from './login-attempts.js';
import { UsersSettings } from './users.settings.js';

/** Checks the codes of second factors, each of which is good once. */
@Injectable()
export class SecondFactors {
  private readonly logger = new Logger(SecondFactors.name);

  constructor(
    private readonly database: Database,
    private readonly factors: SecondFactorRepository,
    private readonly box: SecretBox,
    private readonly attempts: LoginAttempts,
    private readonly mails: AccountMails,
    private readonly settings: UsersSettings,
    private readonly audit: AuditLog,
  ) {}

  /** The one that counts; undefined when the password is enough. */
  async activeOf({ id }: Pick<User, 'id'>): Promise<SecondFactor | undefined> {
    const factor = await this.factors.find(id);
    return factor?.confirmedAt ? factor : undefined;
  }

  /**
   * Uses up a code of the app, or a recovery code.
   * @throws ContextError invalid_code, too_many_requests, or unavailable when the secret of the keys is not the one that has encrypted it
   */
  async use(user: User, { secret }: SecondFactor, code: string): Promise<void> {
    if (readTotpCode(code) === undefined) return this.useRecoveryCode(user, code);
    const step = timeStepOf(this.open(secret, user), code);
    const takeBack = await this.attempts.beginCode(user.id);
    if (step === undefined) throw ContextError.of('invalid_code');
    const isFirst = await this.useStep(user.id, step).catch(async (error: unknown) => {
      await takeBack();
      throw error;
    });
    if (!isFirst) throw ContextError.of('invalid_code');
    await takeBack();
  }

  /** Whether a user has rights that are withheld until there is a second factor. */
  async isMissing(transaction: Transaction, { id, roles }: Pick<User, 'id' | 'roles'>): Promise<boolean> {
    if (!this.isRequiredOf(roles)) return false;
    return !(await this.factors.isActive(transaction, id));
  }

  isRequiredOf(roles: readonly string[]): boolean {
    return this.settings.ADMIN_SECOND_FACTOR === 'required' && roles.includes('admin');
  }

  private open(secret: Buffer, { id }: User): string {
    const text = this.box.tryOpen(secret);
    if (text !== undefined) return text;
    this.logger.error(`the second factor of user ${id} was encrypted by no generation of AUTH_KEY_SECRET`);
    throw ContextError.of('unavailable', 'Codes of an app cannot be checked now; recovery codes can');
  }

  private useStep(userId: string, step: number): Promise<boolean> {
    return this.database.transaction((transaction) => this.factors.useStep(transaction, userId, step));
  }

  private async useRecoveryCode({ id, email }: User, code: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const isGood = await this.factors.useRecoveryCode(transaction, id, hashOfRecoveryCode(code));
      if (!isGood) throw ContextError.of('invalid_code');
      await this.mails.add(transaction, 'recovery_code_used', email);
      await this.audit.record(transaction, { action: 'recovery_code.used', subject: id });
    });
  }
}
