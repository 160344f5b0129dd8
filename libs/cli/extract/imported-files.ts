import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { ImportsOf } from './imports-of.js';

/**
 * The files that these files reach by relative imports and that are not among them, such as helpers of tests. Paths are
 * relative to the root, as given.
 */
export function importedFiles(root: string, files: readonly string[], importsOf: ImportsOf): string[] {
  const found = new Set(files);
  // A Set is iterated over what is added meanwhile too.
  for (const file of found) {
    if (!file.endsWith('.ts')) continue;
    for (const specifier of importsOf(readFileSync(join(root, file), 'utf8'))) {
      if (!specifier.startsWith('.')) continue;
      const imported = normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts');
      if (existsSync(join(root, imported))) found.add(imported);
    }
  }
  return [...found].filter((file) => !files.includes(file));
}
