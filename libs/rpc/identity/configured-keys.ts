import type { JWTPayload } from 'jose';
import { readFileSync, statSync } from 'node:fs';
import type { Credentials, KnownKey, SignedWith } from './credentials.js';
import { type PublicKeys, readKeySet } from './key-set.js';
import { KEY_ALGORITHM, ProcessKey } from './process-key.js';
import { SharedSecret } from './shared-secret.js';

/** A text of the settings, and the file that it was read from, if it was. */
export interface GivenText {
  readonly text: string;
  readonly file?: string | undefined;
}

export interface GivenKeys {
  /** The private key of this process. */
  readonly key?: GivenText | undefined;
  /** The public keys of all processes. */
  readonly keys?: GivenText | undefined;
  /** While a product goes over to keys, or back: it is believed too, and signs where there is no key. */
  readonly secret?: string | undefined;
}

/** The keys that settings give. Those of files are read again when the files change, so that keys change without a stop. */
export class ConfiguredKeys implements Credentials {
  private readonly own: Reread<ProcessKey> | undefined;
  private readonly others: Reread<PublicKeys> | undefined;
  private readonly secret: SharedSecret | undefined;

  /** @throws Error when a text is not what it should be */
  constructor({ key, keys, secret }: GivenKeys) {
    this.own = key && new Reread(key, (text) => ProcessKey.parse(text));
    this.others = keys && new Reread(keys, readKeySet);
    this.secret = secret === undefined ? undefined : new SharedSecret(secret);
  }

  sign(claims: JWTPayload, typ: string): Promise<string> {
    const signer = this.own?.now ?? this.secret;
    if (!signer) throw new Error('This process has no key to sign with');
    return signer.sign(claims, typ);
  }

  keyOf(signedWith: SignedWith): KnownKey | undefined {
    if (signedWith.alg !== KEY_ALGORITHM) return this.secret?.keyOf(signedWith);
    return this.others?.now.get(signedWith.kid ?? '');
  }
}

/** What a text says, and what its file says since it has changed; what cannot be read changes nothing. */
class Reread<T> {
  private value: T;
  private changedAt: number;

  constructor(
    private readonly given: GivenText,
    private readonly parse: (text: string) => T,
  ) {
    this.value = parse(given.text);
    this.changedAt = this.lastChange();
  }

  get now(): T {
    const at = this.lastChange();
    if (at === this.changedAt) return this.value;
    try {
      this.value = this.parse(readFileSync(this.given.file ?? '', 'utf8').trimEnd());
      this.changedAt = at;
    } catch {
      // Half a file is being written, or a wrong one was: the last good keys stay.
    }
    return this.value;
  }

  private lastChange(): number {
    if (this.given.file === undefined) return 0;
    return statSync(this.given.file, { throwIfNoEntry: false })?.mtimeMs ?? this.changedAt ?? 0;
  }
}
