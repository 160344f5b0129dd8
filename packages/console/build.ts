import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** All that the pages are made from. */
const SOURCES = ['packages/console', 'packages/client/src', 'package-lock.json'];
const STAMP = 'dist/packages/console/.stamp';

/** Builds the pages when they are not there, or not from these sources: a start should not wait for what is done. */
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const stamp = hashOf(SOURCES.flatMap(filesIn));
if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== stamp) {
  const { build } = await import('vite');
  await build({ configFile: 'packages/console/vite.config.ts', logLevel: 'warn' });
  writeFileSync(STAMP, stamp);
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
