import { type JWTPayload, SignJWT } from 'jose';
import type { Credentials, KnownKey, SignedWith } from './credentials.js';

const ALGORITHM = 'HS256';

/** One secret for all processes: it keeps strangers out, and any process that has it can say that it is any other. */
export class SharedSecret implements Credentials {
  private readonly key: Uint8Array;

  constructor(secret: string) {
    this.key = new TextEncoder().encode(secret);
  }

  sign(claims: JWTPayload, typ: string): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, typ }).sign(this.key);
  }

  keyOf({ alg }: SignedWith): KnownKey | undefined {
    return alg === ALGORITHM ? { key: this.key } : undefined;
  }
}
