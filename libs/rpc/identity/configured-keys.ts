import type { JWTPayload } from 'jose';
import type { Credentials, KnownKey, SignedWith } from './credentials.js';
import { type PublicKeys, readKeySet } from './key-set.js';
import { LatestText, type TextNow } from './latest-text.js';
import { KEY_ALGORITHM, ProcessKey } from './process-key.js';
import { SharedSecret } from './shared-secret.js';

export interface GivenKeys {
  /** The private key of this process. */
  readonly key?: TextNow | undefined;
  /** The public keys of all processes. */
  readonly keys?: TextNow | undefined;
  /** While a product goes over to keys, or back: it is believed too, and signs where there is no key. */
  readonly secret?: TextNow | undefined;
}

/** The keys that settings give; they change without a stop. */
export class ConfiguredKeys implements Credentials {
  private readonly own: LatestText<ProcessKey> | undefined;
  private readonly others: LatestText<PublicKeys> | undefined;
  private readonly secret: SharedSecret | undefined;

  /** @throws Error when a text is not what it should be */
  constructor({ key, keys, secret }: GivenKeys) {
    this.own = key && new LatestText(key, (text) => ProcessKey.parse(text));
    this.others = keys && new LatestText(keys, readKeySet);
    this.secret = secret && new SharedSecret(secret);
  }

  get version(): number {
    return (this.own?.version ?? 0) + (this.others?.version ?? 0) + (this.secret?.version ?? 0);
  }

  sign(claims: JWTPayload, typ: string): Promise<string> {
    const signer = this.own?.now ?? this.secret;
    if (!signer) throw new Error('This process has no key to sign with');
    return signer.sign(claims, typ);
  }

  keysOf(signedWith: SignedWith): readonly KnownKey[] {
    if (signedWith.alg !== KEY_ALGORITHM) return this.secret?.keysOf(signedWith) ?? [];
    const known = this.others?.now.get(signedWith.kid ?? '');
    return known ? [known] : [];
  }
}
