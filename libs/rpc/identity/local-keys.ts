import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { JWTPayload } from 'jose';
import { join } from 'node:path';
import type { Component } from '@fissile/kit/contract';
import type { Credentials, KnownKey, SignedWith } from './credentials.js';
import { readKeySet } from './key-set.js';
import { KEY_ALGORITHM, ProcessKey } from './process-key.js';

/** Of a process that is gone, a token may still be on its way; its key stays for as long. */
const STAYS_MS = 10 * 60_000;

/**
 * The keys of the processes of one machine, where no setting gives any: each makes a pair when it starts, keeps the private half to
 * itself, and lays the public half in a folder that they share. Who can write there is trusted, as with the databases beside it.
 */
export class LocalKeys implements Credentials {
  /** A process keeps its key as long as it runs. */
  readonly version = 0;
  private readonly known = new Map<string, KnownKey>();

  private constructor(
    private readonly folder: string,
    private readonly own: ProcessKey,
  ) {}

  /** @param hosts what the process hosts */
  static join(dataDir: string, process: string, hosts: readonly Component[]): LocalKeys {
    const folder = join(dataDir, 'internal-keys');
    mkdirSync(dataDir, { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeThoseOfTheDead(folder, process);
    const own = ProcessKey.generate();
    const path = join(folder, `${own.kid}.json`);
    const text = JSON.stringify({
      pid: globalThis.process.pid,
      keys: [{ ...own.publicKey, process, hosts }],
    });
    // It gets its name once it is whole.
    writeFileSync(`${path}-new`, text, { mode: 0o600 });
    renameSync(`${path}-new`, path);
    return new LocalKeys(folder, own);
  }

  sign(claims: JWTPayload, typ: string): Promise<string> {
    return this.own.sign(claims, typ);
  }

  keysOf({ alg, kid = '' }: SignedWith): readonly KnownKey[] {
    if (alg !== KEY_ALGORITHM || !/^[\w-]{43}$/.test(kid)) return [];
    const known = this.known.get(kid) ?? this.read(kid);
    if (!known) return [];
    this.known.set(kid, known);
    return [known];
  }

  private read(kid: string): KnownKey | undefined {
    try {
      return readKeySet(readFileSync(join(this.folder, `${kid}.json`), 'utf8')).get(kid);
    } catch {
      return undefined;
    }
  }
}

function removeThoseOfTheDead(folder: string, process: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    try {
      const { pid, keys } = JSON.parse(readFileSync(path, 'utf8')) as {
        pid: number;
        keys: { process: string }[];
      };
      const isOld = Date.now() - statSync(path).mtimeMs > STAYS_MS;
      if (isOld && keys[0]?.process === process && !isAlive(pid)) rmSync(path, { force: true });
    } catch {
      // It is being written, or another has removed it.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
