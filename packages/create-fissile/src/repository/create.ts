import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './pack-template.js';

/**
 * Makes a product with the kit of this repository, as `npm run build:all` has left it, before either is published. It packs
 * nothing anew, since several of it may run at once. Usage: npm run create -- ../clinic, with the flags of create-fissile.
 */
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
