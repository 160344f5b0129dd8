import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { LruMap } from '@fissile/kit/async';
import { deriveKey, type BrokerSecret } from '../../broker-secret.js';
import type { TransportSettings } from '../transport.settings.js';

/** Calls and cancellations, or their answers: what is sealed as one is not opened as the other. */
export type FrameKind = 'call' | 'answer';

/** What is done with frames on their way through a broker. */
export interface FrameSeal {
  /** @param asPlain for who does not seal either */
  seal(kind: FrameKind, frame: Buffer, asPlain?: boolean): Buffer;
  /** Undefined for a frame that is refused. */
  open(kind: FrameKind, bytes: Uint8Array): OpenedFrame | undefined;
}

export interface OpenedFrame {
  readonly frame: Uint8Array;
  readonly wasPlain: boolean;
}

/** Between processes that are connected directly. */
export const NO_SEAL: FrameSeal = {
  seal: (_kind, frame) => frame,
  open: (_kind, frame) => ({ frame, wasPlain: true }),
};

const CIPHER = 'aes-256-gcm';
const PURPOSE = 'frames through a broker';
/** A plain frame begins with a length, which never begins so: that would be more than 4 GB. */
const MARK = 0xf5;
const SALT_AT = 1;
const COUNTER_AT = 17;
const TAG_AT = 25;
const BODY_AT = 41;
const IV_BYTES = 12;
const MOST_SENDERS = 1_000;

/**
 * Encrypts frames, users' tokens in them included, and shows that a process of the product has written them. Each process has a
 * key of its own, made of the secret and a random salt that the frame has, so that its counter never repeats for a key.
 */
export class BrokerFrameSeal implements FrameSeal {
  private readonly salt = randomBytes(COUNTER_AT - SALT_AT);
  private counter = 0n;
  private own: { readonly secret: Buffer; readonly key: Buffer } | undefined;
  /** By the first generation of the secret and the salt. */
  private readonly keys = new LruMap<string, Buffer>({ maxEntries: MOST_SENDERS });

  constructor(
    private readonly secret: BrokerSecret,
    private readonly settings: Pick<TransportSettings, 'BROKER_MESSAGES'>,
  ) {}

  seal(kind: FrameKind, frame: Buffer, asPlain = this.settings.BROKER_MESSAGES === 'plain'): Buffer {
    if (asPlain) return frame;
    const head = Buffer.alloc(BODY_AT);
    head[0] = MARK;
    this.salt.copy(head, SALT_AT);
    head.writeBigUInt64BE((this.counter += 1n), COUNTER_AT);
    const cipher = createCipheriv(CIPHER, this.ownKey(), ivOf(head));
    cipher.setAAD(Buffer.from(kind));
    const body = Buffer.concat([cipher.update(frame), cipher.final()]);
    cipher.getAuthTag().copy(head, TAG_AT);
    return Buffer.concat([head, body]);
  }

  open(kind: FrameKind, bytes: Uint8Array): OpenedFrame | undefined {
    if (bytes[0] !== MARK) {
      if (this.settings.BROKER_MESSAGES !== 'require') return { frame: bytes, wasPlain: true };
      return this.refuse(kind, 'unsigned');
    }
    if (bytes.length < BODY_AT) return this.refuse(kind, 'forged');
    const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const secret of this.secret.keysFor(PURPOSE)) {
      const frame = openWith(this.keyOf(secret, sealed.subarray(SALT_AT, COUNTER_AT)), kind, sealed);
      if (frame) return { frame, wasPlain: false };
    }
    return this.refuse(kind, 'forged');
  }

  private refuse(kind: FrameKind, reason: 'forged' | 'unsigned'): undefined {
    this.secret.refused.add(
      kind,
      reason,
      'its sender has no BROKER_SECRET or INTERNAL_AUTH_SECRET that is known here',
    );
    return undefined;
  }

  private ownKey(): Buffer {
    const [secret = Buffer.alloc(0)] = this.secret.keysFor(PURPOSE);
    if (this.own?.secret !== secret) this.own = { secret, key: deriveKey(secret, PURPOSE, this.salt) };
    return this.own.key;
  }

  private keyOf(secret: Buffer, salt: Buffer): Buffer {
    const name = `${secret.toString('base64')} ${salt.toString('base64')}`;
    const known = this.keys.get(name);
    if (known) return known;
    const made = deriveKey(secret, PURPOSE, salt);
    this.keys.set(name, made);
    return made;
  }
}

function ivOf(head: Buffer): Buffer {
  const iv = Buffer.alloc(IV_BYTES);
  head.copy(iv, IV_BYTES - (TAG_AT - COUNTER_AT), COUNTER_AT, TAG_AT);
  return iv;
}

function openWith(key: Buffer, kind: FrameKind, sealed: Buffer): Buffer | undefined {
  const decipher = createDecipheriv(CIPHER, key, ivOf(sealed));
  decipher.setAAD(Buffer.from(kind));
  decipher.setAuthTag(sealed.subarray(TAG_AT, BODY_AT));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(BODY_AT)), decipher.final()]);
  } catch {
    return undefined;
  }
}
