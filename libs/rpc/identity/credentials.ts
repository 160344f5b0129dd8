import type { Component } from '@fissile/kit/contract';
import type { JWTPayload } from 'jose';
import type { KeyObject } from 'node:crypto';

/** What the header of a token says of its signature. */
export interface SignedWith {
  readonly alg?: string | undefined;
  readonly kid?: string | undefined;
}

/** A key that verifies tokens, and whose they are. */
export interface KnownKey {
  readonly key: KeyObject | Uint8Array;
  /** The only process that signs with it; undefined for a secret that several share, with which each can be any other. */
  readonly process?: string;
  /** What that process hosts, where whoever made the key known says so. */
  readonly hosts?: readonly Component[];
}

/** How a process signs what it says of itself, and knows the signatures of others. */
export interface Credentials {
  /** Another number whenever keys have changed: what was signed or verified before counts no more. */
  readonly version: number;
  /** @returns a token with these claims and that type */
  sign(claims: JWTPayload, typ: string): Promise<string>;
  /** The keys that may have signed a token, several while a secret is being changed; none when this process knows no such key. */
  keysOf(signedWith: SignedWith): readonly KnownKey[];
}
