import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import type { ExternalSignIn } from '@fissile/kit/request';
import { EraseAccountSaga } from './erase-account.saga.js';

/** In place of a password: a token that was stolen, or renewed for weeks, is not enough. */
const MAX_SIGN_IN_AGE_SECONDS = 600;

/** Erases what all contexts keep of somebody who signs in at an external provider, and has no account here. */
@Injectable()
export class ExternalErasure {
  constructor(
    private readonly database: Database,
    private readonly saga: EraseAccountSaga,
  ) {}

  /**
   * The provider goes on to know the person, so it may be asked for again.
   * @throws ContextError sign_in_too_old, where the provider says when that was
   */
  async erase(userId: string, { signedInAt }: ExternalSignIn): Promise<void> {
    if (signedInAt && Date.now() - signedInAt.getTime() > MAX_SIGN_IN_AGE_SECONDS * 1000) {
      throw ContextError.of('sign_in_too_old', undefined, { maxAgeSeconds: MAX_SIGN_IN_AGE_SECONDS });
    }
    if (await this.saga.isYetToForget(userId)) return;
    await this.database.transaction((transaction) => this.saga.startWithin(transaction, userId));
  }
}
