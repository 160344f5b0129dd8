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
    return hash(normalised(password), COST);
  }

  /** Takes as long without a hash as with one. */
  async matches(password: string, passwordHash: string | undefined): Promise<boolean> {
    const { verify } = await argon2();
    const hash = passwordHash ?? (await this.dummyHash);
    for (const spelling of spellings(password)) {
      if (await verify(hash, spelling)) return passwordHash !== undefined;
    }
    return false;
  }
}

/** As OpaqueString of RFC 8265, 4.2: keyboards write one text in several ways. */
function normalised(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** Hashes from before passwords were normalised are of what was typed then, in either form. One spelling for plain ASCII. */
function spellings(password: string): Set<string> {
  return new Set([normalised(password), password, password.normalize('NFC'), password.normalize('NFD')]);
}
