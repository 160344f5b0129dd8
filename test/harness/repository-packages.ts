import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** Unpacks a tarball of npm's into a folder. */
export function unpackTarball(tarball: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', folder]);
}

/**
 * Links a package of this repository into a folder `node_modules`, where it is not there yet.
 * @returns false when it is not installed here either
 */
export function linkPackage(packages: string, name: string): boolean {
  const link = join(packages, name);
  if (existsSync(link)) return true;
  // npm puts a package below libs/ when the repository itself needs another version of it.
  const found = ['libs/node_modules', 'node_modules']
    .map((folder) => join(REPOSITORY, folder, name))
    .find(existsSync);
  if (found === undefined) return false;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(found, link);
  return true;
}

interface Peers {
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** The peers that npm installs with a package: those that are not optional. */
export function neededPeers({ peerDependencies = {}, peerDependenciesMeta = {} }: Peers): string[] {
  return Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
}
