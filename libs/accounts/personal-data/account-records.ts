import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import { cutPage } from '@fissile/kit/http';
import { AuditLog, type PersonalDataPage, PersonalRecords } from '@fissile/kit/operations';
import { AccountTracesRepository } from '../data/account-traces-repository.js';
import { UserRepository } from '../data/user-repository.js';
import type { User } from '../domain/user.js';

const SESSIONS_PER_PAGE = 200;

/** What the context of accounts keeps of a person. Of an erased account the row is left, under its id alone. */
@Injectable()
export class AccountRecords extends PersonalRecords {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly traces: AccountTracesRepository,
    private readonly audit: AuditLog,
  ) {
    super();
  }

  async exportPerson(userId: string, cursor: string | undefined): Promise<PersonalDataPage> {
    const found = await this.traces.sessionsOf(userId, SESSIONS_PER_PAGE + 1, cursor);
    const { items: sessions, next: nextCursor } = cutPage(found, SESSIONS_PER_PAGE, ({ id }) => id);
    if (cursor !== undefined) return { records: { sessions }, nextCursor };
    const user = await this.users.find(userId);
    const networks = await this.traces.networksOf(userId);
    const secondFactors = await this.traces.secondFactorsOf(userId);
    return {
      records: { account: user ? [toRecord(user)] : [], sessions, networks, secondFactors },
      nextCursor,
    };
  }

  /** The account itself is erased before: that needs the password of its owner. */
  async forgetPerson(userId: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const user = await this.users.lock(transaction, userId);
      if (user && !user.erasedAt) throw ContextError.of('user_not_erased');
      const sessionIds = await this.traces.sessionIdsOf(transaction, userId);
      await this.audit.forgetSources(transaction, userId, sessionIds);
      await this.traces.deleteOf(transaction, userId);
    });
  }
}

function toRecord({ id, email, emailVerifiedAt, name, roles, status, createdAt }: User): object {
  return { id, email, emailVerifiedAt, name, roles, status, createdAt };
}
