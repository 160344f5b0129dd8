import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.js';

/**
 * Generates what follows from the new files: the code of the contracts, as the product's script `contracts` does.
 * @throws CommandError with what the script printed, when it fails
 */
export function regenerate(root: string): void {
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts?: Readonly<Record<string, string>>;
  };
  if (scripts['contracts'] === undefined) {
    throw new CommandError('package.json has no script "contracts": expected "contracts": "buf generate"');
  }
  // Node runs scripts as npm does, and finds the programs of node_modules/.bin.
  const ran = spawnSync(process.execPath, ['--run', 'contracts'], { cwd: root, encoding: 'utf8' });
  if (ran.status === 0) return;
  throw new CommandError(`npm run contracts failed, so nothing was written:\n${ran.stdout}${ran.stderr}`);
}
