import { type JWTPayload, SignJWT } from 'jose';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

export const KEY_ALGORITHM = 'EdDSA';

/** The public half of a process's key, as JSON Web Keys have it. */
export interface PublicKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

/** The key pair of one process. */
export class ProcessKey {
  readonly publicKey: PublicKey;
  readonly kid: string;

  private constructor(private readonly key: KeyObject) {
    const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
    this.publicKey = { kty: 'OKP', crv: 'Ed25519', x };
    this.kid = kidOf(this.publicKey);
  }

  static generate(): ProcessKey {
    return new ProcessKey(generateKeyPairSync('ed25519').privateKey);
  }

  /**
   * @param text PKCS#8, as PEM or in one line of base64
   * @throws Error for any other text
   */
  static parse(text: string): ProcessKey {
    const key = text.includes('-----')
      ? createPrivateKey(text)
      : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('expected an Ed25519 key');
    return new ProcessKey(key);
  }

  /** PKCS#8 in one line of base64. */
  export(): string {
    return this.key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  }

  sign(claims: JWTPayload, typ: string): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: KEY_ALGORITHM, typ, kid: this.kid }).sign(this.key);
  }
}

export function isProcessKey(text: string): boolean {
  try {
    return ProcessKey.parse(text) instanceof ProcessKey;
  } catch {
    return false;
  }
}

/** The thumbprint of a key (RFC 7638), by which tokens name it. */
export function kidOf({ crv, kty, x }: PublicKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
}
