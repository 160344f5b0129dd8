import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

/** npm writes these when it updates the kit. */
const OF_THE_UPDATE = /^(package-lock\.json|npm-shrinkwrap\.json|vendor\/[^/]+\.tgz)$/;

/**
 * Why the repository is not ready to be changed; undefined when it is. What the update of the kit itself changes does
 * not count.
 */
export function uncommittedError(root: string): string | undefined {
  const status = git(root, 'status', '--porcelain', '-z', '--untracked-files=all', '--no-renames', '--', '.');
  const prefix = git(root, 'rev-parse', '--show-prefix')?.trim();
  if (status === undefined || prefix === undefined) {
    return 'this is no git repository: expected one, so that you can see and undo what changes';
  }
  const paths = status
    .split('\0')
    .filter(Boolean)
    .map((line) => line.slice('XY '.length + prefix.length))
    .filter((path) => !OF_THE_UPDATE.test(path))
    .filter((path) => path !== 'package.json' || !isUpdateAlone(root, prefix));
  if (paths.length === 0) return undefined;
  return `there are uncommitted changes: commit or stash ${paths.join(', ')}`;
}

/** Whether nothing but the version of the kit differs from the last commit. */
function isUpdateAlone(root: string, prefix: string): boolean {
  const committed = git(root, 'show', `HEAD:${prefix}package.json`);
  if (committed === undefined) return false;
  const [before, now] = [committed, readFileSync(join(root, 'package.json'), 'utf8')].map(withoutKit);
  return isDeepStrictEqual(before, now);
}

function withoutKit(text: string): unknown {
  const file = JSON.parse(text) as { dependencies?: Record<string, string> };
  delete file.dependencies?.['@fissile/kit'];
  return file;
}

function git(root: string, ...words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', words, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
