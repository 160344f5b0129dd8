import { Injectable } from '@nestjs/common';

/** An optional package: a product without accounts of its own has none. */
const argon2 = () => import('@node-rs/argon2');

/**
 * OWASP's first choice for argon2id, the library's default algorithm. The thread pool limits how many run
 * concurrently.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes passwords, so that neither the database nor the response time reveals them. */
@Injectable()
export class Passwords {
  /** Replaces the hash of an account that does not exist. */
  private readonly dummyHash = this.hash('no account has this password');

  async hash(password: string): Promise<string> {
    const { hash } = await argon2();
    return hash(password, COST);
  }

  /** Takes as long without a hash as with one. */
  async matches(password: string, passwordHash: string | undefined): Promise<boolean> {
    const { verify } = await argon2();
    const matches = await verify(passwordHash ?? (await this.dummyHash), password);
    return passwordHash !== undefined && matches;
  }
}
