import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packIntoKit, packTemplate, REPOSITORY } from './pack-template.js';

/**
 * Makes a product with the kit of this repository, before either is published. Usage: npm run create -- ../clinic, with
 * the flags of create-fissile.
 */
packTemplate();
packIntoKit();
const folder = mkdtempSync(join(tmpdir(), 'fissile-kit-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
execFileSync(
  'npm',
  ['pack', '--silent', '--ignore-scripts', '--workspace', 'libs', '--pack-destination', folder],
  {
    cwd: REPOSITORY,
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
const [tarball = ''] = readdirSync(folder);
// Before the user's own flags, of which the last one counts.
process.argv.splice(2, 0, '--kit', join(folder, tarball));
await import('../main.js');
