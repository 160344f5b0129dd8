import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose';
import { Users } from '#libs/contracts/users';

/** A key id that nobody knows must not make us ask for each request that names it. */
const ASK_AT_MOST_EVERY_MS = 2_000;

/** The public keys that access tokens are signed with, asked of Users and kept. */
@Injectable()
export class SigningKeys {
  private current: JWTVerifyGetKey | undefined;
  private askedAt = 0;

  constructor(private readonly users: Users) {}

  /** Finds the key that a token names; asks again when it is not among those that are known. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (!this.current) await this.ask();
    try {
      return await this.look(header, token);
    } catch (error) {
      if (Date.now() - this.askedAt < ASK_AT_MOST_EVERY_MS) throw error;
      await this.ask();
      return this.look(header, token);
    }
  };

  private async look(
    ...parameters: Parameters<JWTVerifyGetKey>
  ): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    if (!this.current) throw new Error('no signing keys are known');
    return this.current(...parameters);
  }

  private async ask(): Promise<void> {
    this.askedAt = Date.now();
    const { keys } = await this.users.getSigningKeys({});
    this.current = createLocalJWKSet({ keys: keys.map((key) => JSON.parse(key) as JWK) });
  }
}
