import { generationsOf } from '@fissile/kit/config';
import { type JWTPayload, SignJWT } from 'jose';
import type { Credentials, KnownKey, SignedWith } from './credentials.js';
import { LatestText, type TextNow } from './latest-text.js';

const ALGORITHM = 'HS256';

/** One secret for all processes: it keeps strangers out, and any process that has it can say that it is any other. */
export class SharedSecret implements Credentials {
  private readonly keys: LatestText<readonly [Uint8Array, ...Uint8Array[]]>;

  /** @param secret with its generations, one a line: the first one signs, all are accepted */
  constructor(secret: TextNow) {
    this.keys = new LatestText(secret, readGenerations);
  }

  get version(): number {
    return this.keys.version;
  }

  sign(claims: JWTPayload, typ: string): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, typ }).sign(this.keys.now[0]);
  }

  keysOf({ alg }: SignedWith): readonly KnownKey[] {
    return alg === ALGORITHM ? this.keys.now.map((key) => ({ key })) : [];
  }
}

function readGenerations(text: string): [Uint8Array, ...Uint8Array[]] {
  const [first, ...others] = generationsOf(text);
  const encoder = new TextEncoder();
  return [encoder.encode(first), ...others.map((other) => encoder.encode(other))];
}
