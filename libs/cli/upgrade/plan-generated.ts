import { generatedFiles, readDeployment } from '../generate/generate.js';
import { isUsersOwn } from '../generate/header.js';
import { differences } from '../generate/write-generated.js';
import { readProductNames } from '../new/product-files.js';
import { ProjectPlan } from '../new/project-plan.js';
import type { UpgradeReport } from './report.js';

/** Plans the files that `fissile generate` writes, from the files that are planned so far. */
export function planGenerated(plan: ProjectPlan, report: UpgradeReport): void {
  const files = generatedFiles(readDeployment(plan.root, contextsOf(plan.root), pendingFiles(plan, report)));
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const { path, kind } of differences(plan.root, files)) {
    const file = byPath.get(path);
    const own = plan.original(path);
    if (!file || kind === 'left over') {
      plan.remove(path);
      report.add('removed', path);
    } else if (own !== undefined && isUsersOwn(file, own)) report.add('generated, but yours', path);
    else {
      if (plan.read(path) === plan.original(path)) report.add('generated', path);
      plan.put(path, file.content, { executable: file.executable ?? false });
    }
  }
}

/** As the code says it now: a conflict in the product's description is no obstacle. */
function contextsOf(root: string): readonly string[] {
  const plan = new ProjectPlan(root);
  const { contexts } = readProductNames(plan);
  plan.check();
  return contexts;
}

/** Without those that cannot be read before a person has resolved their conflicts. */
function pendingFiles({ created, changed }: ProjectPlan, report: UpgradeReport): Record<string, string> {
  const unreadable = report.pathsOf('conflict').filter((path) => path.endsWith('.yaml'));
  return Object.fromEntries([...created, ...changed].filter(([path]) => !unreadable.includes(path)));
}
