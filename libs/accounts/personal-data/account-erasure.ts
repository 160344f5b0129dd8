import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import type { Caller } from '@fissile/kit/request';
import { AccountTracesRepository } from '../data/account-traces-repository.js';
import { Passwords } from '../data/passwords.js';
import { UserRepository } from '../data/user-repository.js';
import { erasedUser } from '../domain/erased-user.js';
import { newSecret } from '../domain/secret.js';
import { isActiveAdmin, type User } from '../domain/user.js';
import { OwnerProof, type Proof, wrongPassword } from '../owner-proof.js';
import { type EndedSessions, SessionEndings } from '../session-endings.js';
import { EraseAccountSaga } from './erase-account.saga.js';
import { ExternalErasure } from './external-erasure.js';

/**
 * Erases an account for its owner. Its address, name and password go first, in one commit with the beginning of the saga: from then
 * on nobody finds the person by the account, whichever contexts are unavailable.
 */
@Injectable()
export class AccountErasure {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly traces: AccountTracesRepository,
    private readonly passwords: Passwords,
    private readonly proof: OwnerProof,
    private readonly endings: SessionEndings,
    private readonly saga: EraseAccountSaga,
    private readonly external: ExternalErasure,
  ) {}

  /**
   * Also of who has no account, but signs in at an external provider. Who has both proves to be the owner of the account.
   * @param address of the client
   * @throws RequestInvalid for a wrong password or code; ContextError user_not_found, last_admin, too_many_requests, sign_in_too_old
   */
  async erase({ userId, external }: Caller, proof: Partial<Proof>, address: string): Promise<void> {
    const user = await this.users.find(userId);
    if (!user || user.erasedAt) {
      if (!external) throw ContextError.of('user_not_found');
      return this.external.erase(userId, external);
    }
    const { password, code } = proof;
    if (password === undefined) throw wrongPassword();
    const checked = await this.proof.check(user, { password, code }, address);
    const unknown = await this.passwords.hash(newSecret());
    const ended = await this.database.transaction((transaction) =>
      this.eraseWithin(transaction, checked, unknown),
    );
    await this.endings.publish(ended);
  }

  private async eraseWithin(
    transaction: Transaction,
    checked: User,
    unknownPasswordHash: string,
  ): Promise<EndedSessions> {
    await this.users.lockAdmins(transaction);
    const now = await this.users.lock(transaction, checked.id);
    // The password may have been changed meanwhile.
    if (now?.passwordHash !== checked.passwordHash) throw wrongPassword();
    await this.users.update(transaction, erasedUser(now, unknownPasswordHash));
    if (isActiveAdmin(now) && (await this.users.countActiveAdmins(transaction)) === 0) {
      throw ContextError.of('last_admin');
    }
    await this.traces.deleteMailsTo(transaction, now.email);
    await this.saga.startWithin(transaction, now.id);
    return this.endings.endAll(transaction, now.id, 'erased');
  }
}
