import { Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generationsOf } from '@fissile/kit/config';
import { DatabaseSettings } from '@fissile/kit/database';
import { UsersSettings } from '../users.settings.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts data that must be unreadable to anyone with access to the database, such as a backup of it. */
@Injectable()
export class SecretBox {
  private readonly ownSecret: string;
  private secrets: string | undefined;
  private known: readonly [Buffer, ...Buffer[]] = [Buffer.alloc(0)];

  constructor(
    private readonly settings: UsersSettings,
    { DATA_DIR }: DatabaseSettings,
  ) {
    this.ownSecret = settings.AUTH_KEY_SECRET === undefined ? secretFile(DATA_DIR) : '';
  }

  /** Tells what this encrypts by from other keys, and says nothing of it. */
  get keyName(): string {
    return createHmac('sha256', this.keys[0]).update('the name of this key').digest('base64url');
  }

  close(text: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.keys[0], iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error when the secret is not the one that encrypted it */
  open(box: Buffer): string {
    const text = this.tryOpen(box);
    if (text !== undefined) return text;
    throw new Error(
      'The signing keys cannot be read: AUTH_KEY_SECRET, or the key-secret file in DATA_DIR, has changed',
    );
  }

  /** Undefined when no generation of the secret has encrypted it. */
  tryOpen(box: Buffer): string | undefined {
    for (const key of this.keys) {
      const text = openWith(key, box);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  /**
   * The same data, encrypted by the first generation of the secret; undefined when they are already, or when no generation
   * decrypts them.
   */
  renewed(box: Buffer): Buffer | undefined {
    const [first, ...others] = this.keys;
    if (openWith(first, box) !== undefined) return undefined;
    const text = others.map((key) => openWith(key, box)).find((opened) => opened !== undefined);
    return text === undefined ? undefined : this.close(text);
  }

  /** The first one encrypts; all decrypt. */
  private get keys(): readonly [Buffer, ...Buffer[]] {
    const secrets = this.settings.AUTH_KEY_SECRET ?? this.ownSecret;
    if (secrets !== this.secrets) {
      const [first, ...others] = generationsOf(secrets);
      this.known = [keyOf(first), ...others.map(keyOf)];
      this.secrets = secrets;
    }
    return this.known;
  }
}

function keyOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Undefined when it was encrypted by another key. */
function openWith(key: Buffer, box: Buffer): string | undefined {
  const decipher = createDecipheriv(CIPHER, key, box.subarray(0, IV_BYTES));
  try {
    decipher.setAuthTag(box.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const opened = Buffer.concat([decipher.update(box.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return opened.toString('utf8');
  } catch {
    return undefined;
  }
}

/** The secret of this machine, generated at the first start. */
function secretFile(dataDir: string): string {
  const path = join(dataDir, 'key-secret');
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8');
}
