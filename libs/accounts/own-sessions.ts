import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import { AuditLog } from '@fissile/kit/operations';
import type { Caller } from '@fissile/kit/request';
import { SessionList } from './data/session-list.js';
import { UserRepository } from './data/user-repository.js';
import { SessionEndings } from './session-endings.js';

/** Ends sessions for the user whose they are. */
@Injectable()
export class OwnSessions {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly list: SessionList,
    private readonly endings: SessionEndings,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ContextError session_not_found, also for a session of somebody else */
  async end({ userId }: Caller, sessionId: string): Promise<void> {
    const ended = await this.database.transaction(async (transaction) => {
      await this.users.lockAsIs(transaction, userId);
      if (!(await this.list.lock(transaction, userId, sessionId))) throw ContextError.of('session_not_found');
      await this.audit.record(transaction, { action: 'session.ended', subject: sessionId });
      return this.endings.endOne(transaction, sessionId, 'ended_elsewhere');
    });
    await this.endings.publish(ended);
  }

  /** Ends all but the one that asks. */
  async endOthers({ userId, sessionId }: Caller): Promise<void> {
    const ended = await this.database.transaction(async (transaction) => {
      // A login that is under way comes before or after.
      await this.users.lock(transaction, userId);
      await this.audit.record(transaction, { action: 'session.others_ended', subject: userId });
      return this.endings.endOthers(transaction, userId, sessionId, 'ended_elsewhere');
    });
    await this.endings.publish(ended);
  }
}
