import { globSync } from 'node:fs';

/**
 * The compiled test files of these sources, such as `test/scenarios/*.spec.ts`. It starts from the sources, so that
 * the compiled output of a deleted file does not run.
 */
export function specFiles(sources: readonly string[], except: readonly string[] = []): string[] {
  return globSync(sources, { exclude: [...except, '**/node_modules/**', '**/dist/**', '**/template/**'] })
    .sort()
    .map((source) =>
      source
        .replace(/^(packages\/[^/]+)\/src\//, '$1/dist/')
        .replace(/^(?!packages\/)(libs\/)?/, '$1dist/')
        .replace(/\.ts$/, '.js'),
    );
}
