import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.js';
import type { ProjectPlan } from './project-plan.js';

/**
 * Generates what follows from the new files.
 * @throws CommandError when it cannot be generated
 */
export function regenerate({ root, created }: ProjectPlan): void {
  if ([...created.keys()].some((path) => path.endsWith('.proto'))) generateContracts(root);
}

/** The code of the contracts, as the product's script `contracts` does. */
function generateContracts(root: string): void {
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts?: Readonly<Record<string, string>>;
  };
  if (scripts['contracts'] === undefined) {
    throw new CommandError(
      'nothing was written: expected "contracts": "buf generate" in scripts of package.json',
    );
  }
  // Node runs scripts as npm does, and finds the programs of node_modules/.bin.
  const ran = spawnSync(process.execPath, ['--run', 'contracts'], { cwd: root, encoding: 'utf8' });
  if (ran.status === 0) return;
  throw new CommandError(`npm run contracts failed, so nothing was written:\n${ran.stdout}${ran.stderr}`);
}
