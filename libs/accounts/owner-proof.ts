import { Injectable } from '@nestjs/common';
import { hasCode } from '@fissile/kit/contract';
import { RequestInvalid } from '@fissile/kit/http';
import { Authentication } from './authentication.js';
import type { User } from './domain/user.js';
import { SecondFactors } from './second-factors.js';

/** By which somebody with a token shows to be the owner of the account. */
export interface Proof {
  readonly password: string;
  /** Of the app, or a recovery code: where the account has a second factor. */
  readonly code?: string | undefined;
}

/** Checks that it is the owner who asks for what a stolen session must not do. */
@Injectable()
export class OwnerProof {
  constructor(
    private readonly authentication: Authentication,
    private readonly factors: SecondFactors,
  ) {}

  /**
   * Guessing costs as it does at the login.
   * @param address of the client
   * @returns the user as the password was checked
   * @throws RequestInvalid for a wrong password or code, and for no code where one is needed; ContextError too_many_requests
   */
  async check(user: User, { password, code }: Proof, address: string): Promise<User> {
    const factor = await this.factors.activeOf(user);
    if (factor && code === undefined) throw wrongCode();
    try {
      return await this.authentication.authenticate(user.email, password, address, async (found) => {
        if (factor && code !== undefined) await this.factors.use(found, factor, code);
      });
    } catch (error) {
      if (hasCode(error, 'invalid_credentials')) throw wrongPassword();
      throw hasCode(error, 'invalid_code') ? wrongCode() : error;
    }
  }
}

export function wrongPassword(): RequestInvalid {
  return new RequestInvalid([{ path: 'password', message: 'expected the password of the account' }]);
}

export function wrongCode(): RequestInvalid {
  const message = 'expected a code that is not used, of the app or for recovery';
  return new RequestInvalid([{ path: 'code', message }]);
}
