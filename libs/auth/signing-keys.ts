import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose';
import { Users } from '#libs/contracts/users';

/** A key id that nobody knows must not make us ask for each request that names it. */
const ASK_AT_MOST_EVERY_MS = 2_000;

/** The public keys that access tokens are signed with, asked of Users and kept. */
@Injectable()
export class SigningKeys {
  private current: JWTVerifyGetKey | undefined;
  private answeredAt = 0;
  private asking: Promise<void> | undefined;

  constructor(private readonly users: Users) {}

  /** Finds the key that a token names; asks again when it is not among those that are known. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (!this.current) await this.ask();
    try {
      return await this.look(header, token);
    } catch (error) {
      if (!this.asking && Date.now() - this.answeredAt < ASK_AT_MOST_EVERY_MS) throw error;
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

  /** Those who ask at the same time share one answer. @throws ContextError unavailable while Users cannot be asked */
  private ask(): Promise<void> {
    this.asking ??= this.askUsers().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async askUsers(): Promise<void> {
    const { keys } = await this.users.getSigningKeys({});
    this.current = createLocalJWKSet({ keys: keys.map((key) => JSON.parse(key) as JWK) });
    this.answeredAt = Date.now();
  }
}
