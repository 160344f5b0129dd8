import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../command-error.js';

/** A file in three versions; absent where it does not exist. */
export interface Versions {
  /** As the product was made. */
  readonly base: string | undefined;
  /** The user's. */
  readonly ours: string | undefined;
  /** As the new kit makes it. */
  readonly theirs: string | undefined;
}

export type Outcome =
  /** Nothing to do. */
  | { readonly kind: 'same' }
  /** It was as made, or not there. */
  | { readonly kind: 'new' | 'updated'; readonly text: string }
  | { readonly kind: 'merged' | 'conflict'; readonly text: string }
  /** No longer a part of a product, and the user has not changed it. */
  | { readonly kind: 'removed' }
  /** The user has deleted it, and the kit has changed it. */
  | { readonly kind: 'deleted by you' }
  /** No longer a part of a product, but the user has changed it. */
  | { readonly kind: 'no longer made' };

/** What stands in the markers of a conflict. */
export interface Labels {
  readonly base: string;
  readonly theirs: string;
}

/** What becomes of a file when the kit is updated. */
export function mergeFile({ base, ours, theirs }: Versions, labels: Labels): Outcome {
  if (base === theirs || ours === theirs) return { kind: 'same' };
  if (ours === undefined) {
    return base === undefined ? { kind: 'new', text: theirs ?? '' } : { kind: 'deleted by you' };
  }
  if (theirs === undefined) return { kind: ours === base ? 'removed' : 'no longer made' };
  if (ours === base) return { kind: 'updated', text: theirs };
  return mergeTexts({ base: base ?? '', ours, theirs }, labels);
}

function mergeTexts(texts: { base: string; ours: string; theirs: string }, labels: Labels): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-upgrade-'));
  try {
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    const names = ['-L', 'yours', '-L', labels.base, '-L', labels.theirs];
    const { status, stdout, stderr, error } = spawnSync(
      'git',
      ['merge-file', '--stdout', '--diff3', ...names, 'ours', 'base', 'theirs'],
      { cwd: folder, encoding: 'utf8', maxBuffer: 100 * 1024 * 1024 },
    );
    // Its exit code is the number of conflicts, at most 127, and more than that when it fails.
    if (status === null || status > 127) {
      throw new CommandError(`nothing was written: git merge-file failed: ${error?.message ?? stderr}`);
    }
    return { kind: status === 0 ? 'merged' : 'conflict', text: stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
