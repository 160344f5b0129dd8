import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Pages {
  readonly config: string;
  /** Where they are built. */
  readonly folder: string;
  /** All that they are made from. */
  readonly sources: readonly string[];
}

const CONSOLE = ['packages/console', 'packages/api-client/src', 'package-lock.json'];

const ALL: readonly Pages[] = [
  { config: 'packages/console/vite.config.ts', folder: 'libs/dist/console', sources: CONSOLE },
  {
    config: 'packages/storefront/vite.config.ts',
    folder: 'dist/packages/storefront',
    sources: [...CONSOLE, 'packages/client/src', 'packages/storefront'],
  },
];

/** Builds the pages that are not there, or not from these sources: a start should not wait for what is done. In the folder of the repository. */
export async function buildPages(): Promise<void> {
  for (const { config, folder, sources } of ALL) {
    const stampFile = join(folder, '.stamp');
    const stamp = hashOf(sources.flatMap(filesIn));
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) continue;
    const { build } = await import('vite');
    await build({ configFile: config, logLevel: 'warn' });
    writeFileSync(stampFile, stamp);
  }
}

function filesIn(path: string): string[] {
  if (path.endsWith('.json')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
  await buildPages();
}
