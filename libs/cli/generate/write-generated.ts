import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '../command-error.js';
import type { GeneratedFile } from './description.js';
import { isGenerated, isUsersOwn } from './header.js';

/** Where generated files may be left over: of contexts, topologies and services that are gone. */
const PLACES = ['docker-compose.yml', 'k8s/**/*', 'deploy/**/*'];

/** A difference between a generated file and what is on the disk. */
export interface Difference {
  readonly path: string;
  readonly kind: 'missing' | 'different' | 'left over';
}

/**
 * What `writeGenerated` would change.
 * @param isMeant tells the files that a command is about; all of them when absent
 */
export function differences(
  root: string,
  files: readonly GeneratedFile[],
  isMeant: (path: string) => boolean = () => true,
): Difference[] {
  const wanted = files.filter(({ path }) => isMeant(path));
  const changed = wanted.flatMap(({ path, content }): Difference[] => {
    const file = join(root, path);
    if (!existsSync(file)) return [{ path, kind: 'missing' }];
    return readFileSync(file, 'utf8') === content ? [] : [{ path, kind: 'different' }];
  });
  const known = new Set(files.map(({ path }) => path));
  const leftOver = generatedIn(root).filter((path) => isMeant(path) && !known.has(path));
  return [...changed, ...leftOver.map((path): Difference => ({ path, kind: 'left over' }))];
}

/**
 * Writes the files that differ, and removes generated ones that are none any more. Files without the header of generated
 * ones are the user's.
 * @returns what it changed
 * @throws CommandError when a file of the user's stands where one is to be; then nothing is written
 */
export function writeGenerated(
  root: string,
  files: readonly GeneratedFile[],
  isMeant?: (path: string) => boolean,
): Difference[] {
  const changes = differences(root, files, isMeant);
  refuseOwn(root, files, changes);
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const { path, kind } of changes) {
    const file = byPath.get(path);
    if (kind === 'left over' || !file) remove(root, path);
    else write(root, file);
  }
  return changes;
}

function generatedIn(root: string): string[] {
  return globSync(PLACES, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => isGenerated(path, readFileSync(join(root, path), 'utf8')))
    .sort();
}

function refuseOwn(root: string, files: readonly GeneratedFile[], changes: readonly Difference[]): void {
  const different = new Set(changes.filter(({ kind }) => kind === 'different').map(({ path }) => path));
  const own = files.filter(
    (file) => different.has(file.path) && isUsersOwn(file, readFileSync(join(root, file.path), 'utf8')),
  );
  if (own.length === 0) return;
  const names = own.map(({ path }) => path).join(', ');
  throw new CommandError(
    `nothing was written: ${names} would be generated, but ${own.length === 1 ? 'is' : 'are'} yours. Move what you need ` +
      'into a file of your own, such as compose.override.yaml or an overlay, then delete it and run this again',
  );
}

function write(root: string, { path, content, executable }: GeneratedFile): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  if (executable) chmodSync(file, 0o755);
}

/** Folders that are empty without it go too. */
function remove(root: string, path: string): void {
  rmSync(join(root, path));
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      rmdirSync(join(root, folder));
    } catch {
      return;
    }
  }
}
