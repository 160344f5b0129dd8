import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import { AuditLog } from '@fissile/kit/operations';
import { UserRepository } from './data/user-repository.js';
import { SessionEndings } from './session-endings.js';

/** Signs a user out everywhere, for an operator. */
@Injectable()
export class ForcedSignOut {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly endings: SessionEndings,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ContextError user_not_found */
  async of(userId: string): Promise<void> {
    const ended = await this.database.transaction(async (transaction) => {
      // A login that is under way comes before or after.
      if (!(await this.users.lock(transaction, userId))) throw ContextError.of('user_not_found');
      await this.audit.record(transaction, { action: 'session.all_ended', subject: userId });
      return this.endings.endAll(transaction, userId, 'ended_by_admin');
    });
    await this.endings.publish(ended);
  }
}
