import { Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSettings } from '@fissile/kit/database';
import { UsersSettings } from '../users.settings.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts data that must be unreadable to anyone with access to the database, such as a backup of it. */
@Injectable()
export class SecretBox {
  private readonly key: Buffer;

  constructor(settings: UsersSettings, { DATA_DIR }: DatabaseSettings) {
    this.key = createHash('sha256')
      .update(settings.AUTH_KEY_SECRET ?? secretFile(DATA_DIR))
      .digest();
  }

  close(text: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error when the secret is not the one that encrypted it */
  open(box: Buffer): string {
    const decipher = createDecipheriv(CIPHER, this.key, box.subarray(0, IV_BYTES));
    decipher.setAuthTag(box.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(box.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
        'utf8',
      );
    } catch {
      throw new Error(
        'The signing keys cannot be read: AUTH_KEY_SECRET, or the key-secret file in DATA_DIR, has changed',
      );
    }
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
