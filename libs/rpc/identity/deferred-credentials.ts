import type { JWTPayload } from 'jose';
import type { Credentials, KnownKey, SignedWith } from './credentials.js';

/** Credentials that are made when they are first needed: a process that calls no other leaves no key anywhere. */
export class DeferredCredentials implements Credentials {
  private made: Credentials | undefined;

  constructor(private readonly make: () => Credentials) {}

  get version(): number {
    return this.made?.version ?? 0;
  }

  sign(claims: JWTPayload, typ: string): Promise<string> {
    return this.own.sign(claims, typ);
  }

  keysOf(signedWith: SignedWith): readonly KnownKey[] {
    return this.own.keysOf(signedWith);
  }

  private get own(): Credentials {
    return (this.made ??= this.make());
  }
}
