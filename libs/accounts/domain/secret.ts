import { createHash, randomBytes } from 'node:crypto';

/** A random text of 256 bits, for tokens. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** The text is random, so a plain hash protects it from readers of the database. */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
