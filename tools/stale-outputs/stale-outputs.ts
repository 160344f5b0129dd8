import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the compiler makes of `x.ts`. */
const OUTPUT = /\.(js|js\.map|d\.ts|d\.ts\.map)$/;

interface Folders {
  readonly sources: string;
  readonly outputs: string;
  /** Folders of outputs that something other than the compiler makes. */
  readonly others: readonly string[];
}

/**
 * Removes what the compiler made of sources that are no longer there: it leaves them, and they would be packed.
 * @returns the files, relative to the folder of outputs
 */
export function removeStaleOutputs({ sources, outputs, others }: Folders): string[] {
  if (!existsSync(outputs)) return [];
  const stale = readdirSync(outputs, { recursive: true, encoding: 'utf8' })
    .filter((path) => OUTPUT.test(path) && !others.some((folder) => path.startsWith(`${folder}/`)))
    .filter((path) => !existsSync(join(sources, path.replace(OUTPUT, '.ts'))));
  for (const path of stale) rmSync(join(outputs, path));
  return stale;
}

/** The kit's, after each build. Node runs this source as it is, since it runs before `npm pack` too. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sources = join(import.meta.dirname, '../../libs');
  const stale = removeStaleOutputs({
    sources,
    outputs: join(sources, 'dist'),
    others: ['console', 'create-fissile'],
  });
  for (const path of stale) console.log(`removed libs/dist/${path}, which has no source`);
}
