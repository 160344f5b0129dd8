import { spawnSync } from 'node:child_process';
import { TOPOLOGY_FILE } from '@fissile/kit/contract';
import { CommandError } from '../command-error.js';
import { generatedFiles, readDeployment } from '../generate/generate.js';
import { isUsersOwn } from '../generate/header.js';
import { scriptsOf } from '../product-project.js';
import { readProductNames } from './product-files.js';
import type { ProjectPlan } from './project-plan.js';

/** A product that has one of these is deployed by what `fissile generate` writes. */
const DEPLOYED_BY = ['config/deployment.yaml', 'docker-compose.yml', 'Dockerfile', 'k8s', 'nest-cli.json'];

/** Adds to the plan the files of the deployment that follow from it, as `fissile generate` would write them. */
export function planDeployment(plan: ProjectPlan): void {
  const topologies = plan.changed.get(TOPOLOGY_FILE);
  if (topologies === undefined || !DEPLOYED_BY.some((path) => plan.has(path))) return;
  try {
    const { contexts } = readProductNames(plan);
    const pending = { [TOPOLOGY_FILE]: topologies };
    for (const file of generatedFiles(readDeployment(plan.root, contexts, pending))) {
      const { path, content, executable = false } = file;
      const before = plan.read(path);
      if (before === content) continue;
      if (before !== undefined && isUsersOwn(file, before)) {
        plan.refuse(`${path} would be generated, but is yours: move what you need into a file of your own`);
      }
      plan.put(path, content, { executable });
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    plan.refuse(...error.message.split('\n'));
  }
}

/**
 * Generates the code of new contracts, as the product's script `contracts` does.
 * @throws CommandError when there is no such script or it fails
 */
export function generateContracts({ root, created }: ProjectPlan): void {
  if (![...created.keys()].some((path) => path.endsWith('.proto'))) return;
  if (scriptsOf(root)['contracts'] === undefined) {
    throw new CommandError(
      'nothing was written: expected "contracts": "buf generate" in scripts of package.json',
    );
  }
  // Node runs scripts as npm does, and finds the programs of node_modules/.bin.
  const ran = spawnSync(process.execPath, ['--run', 'contracts'], { cwd: root, encoding: 'utf8' });
  if (ran.status === 0) return;
  throw new CommandError(`nothing was written: npm run contracts failed\n${ran.stdout}${ran.stderr}`);
}
