import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where programs of Debian's packages are, whose installation would install and start servers. */
export const CACHE = resolve('node_modules/.cache/fissile-prometheus');

/** Downloads a package of Debian, and gives the folder with its files to `use`. */
export async function withPackage(name: string, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-package-'));
  try {
    const download = () => run('apt-get', ['download', name], { cwd: folder });
    await download().catch(async () => {
      await run('apt-get', ['update']);
      await download();
    });
    await run('sh', ['-c', `dpkg-deb --extract ${name}_*.deb .`], { cwd: folder });
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies a file or a folder into the cache. It appears atomically: concurrent tests may check for it. */
export async function keep(source: string, name: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const copy = join(CACHE, `${name}.${process.pid}`);
  await run('cp', ['--recursive', '--dereference', source, copy]);
  renameSync(copy, join(CACHE, name));
}
