import {
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type JWK } from 'jose';
import { AuthSettings, TOKEN_ALGORITHM } from '@fissile/kit/auth';
import { BackgroundLoop } from '@fissile/kit/async';
import type { Transaction } from '@fissile/kit/database';
import { KeyRepository, type StoredKey } from './data/key-repository.js';
import { SecretBox } from './data/secret-box.js';
import { planRotation, signingKey } from './domain/key-rotation.js';
import { UsersSettings } from './users.settings.js';

const POLL_EVERY_MS = 60_000;
const PUBLISHED_BEFORE_MS = 3_600_000;
const DAY_MS = 86_400_000;

type PrivateKey = Awaited<ReturnType<typeof importPKCS8>>;

export interface SigningKey {
  readonly id: string;
  readonly privateKey: PrivateKey;
}

/** The keys that sign access tokens. They rotate by time, and all processes of the context share them. */
@Injectable()
export class KeyRing implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop = new BackgroundLoop('signing key rotation', POLL_EVERY_MS, () => this.rotate());
  private keys: StoredKey[] = [];
  private readonly opened = new Map<string, PrivateKey>();

  constructor(
    private readonly repository: KeyRepository,
    private readonly box: SecretBox,
    private readonly settings: UsersSettings,
    private readonly auth: AuthSettings,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.rotate();
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** The public keys of all keys that sign, will sign soon, or signed a token that is still valid. */
  async publicKeys(): Promise<JWK[]> {
    this.keys = await this.repository.all();
    return this.keys.map(({ id, publicJwk }) => ({
      ...publicJwk,
      kid: id,
      alg: TOKEN_ALGORITHM,
      use: 'sig',
    }));
  }

  async current(): Promise<SigningKey> {
    const now = new Date();
    if (!signingKey(this.keys, now)) await this.rotate();
    const key = signingKey(this.keys, now);
    if (!key) throw new Error('no key signs at this time');
    const privateKey =
      this.opened.get(key.id) ?? (await importPKCS8(this.box.open(key.privateKey), TOKEN_ALGORITHM));
    this.opened.set(key.id, privateKey);
    return { id: key.id, privateKey };
  }

  private async rotate(): Promise<boolean> {
    await this.repository.exclusively(async (transaction, keys) => {
      const { create, remove } = planRotation(keys, this.rules(), new Date());
      if (create) await this.repository.insert(transaction, { ...(await this.make()), ...create });
      if (remove.length > 0) await this.repository.delete(transaction, remove);
      await this.encryptByNewest(transaction, keys);
    });
    this.keys = await this.repository.all();
    return false;
  }

  /** Where AUTH_KEY_SECRET has a new generation, the keys get it, and the old one is needed no more. */
  private async encryptByNewest(transaction: Transaction, keys: readonly StoredKey[]): Promise<void> {
    for (const { id, privateKey } of keys) {
      const renewed = this.box.renewed(privateKey);
      if (renewed) await this.repository.replacePrivateKey(transaction, id, renewed);
    }
  }

  private rules() {
    return {
      signsForMs: this.settings.AUTH_KEY_ROTATION_DAYS * DAY_MS,
      publishedBeforeMs: PUBLISHED_BEFORE_MS,
      tokensLiveMs: this.auth.ACCESS_TOKEN_MINUTES * 60_000,
    };
  }

  private async make(): Promise<Pick<StoredKey, 'id' | 'publicJwk' | 'privateKey'>> {
    const { publicKey, privateKey } = await generateKeyPair(TOKEN_ALGORITHM, { extractable: true });
    const publicJwk = await exportJWK(publicKey);
    const id = await calculateJwkThumbprint(publicJwk);
    return { id, publicJwk, privateKey: this.box.close(await exportPKCS8(privateKey)) };
  }
}
