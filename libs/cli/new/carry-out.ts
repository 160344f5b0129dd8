import { findProject, scriptsOf } from '../product-project.js';
import { formatFiles } from './format-files.js';
import { ProjectPlan } from './project-plan.js';
import { generateContracts, planDeployment } from './regenerate.js';

/** Scripts of a product whose results follow from what was made, in the order in which they are run. */
const FOLLOWING = ['generate', 'client', 'reference:docs', 'test'];

/**
 * Plans, writes and generates, all or nothing.
 * @param words what a user wrote behind the command, unknown flags included
 * @throws CommandError that names all that is wrong
 */
export async function carryOut(
  words: readonly string[],
  fill: (plan: ProjectPlan, words: readonly string[]) => void,
): Promise<void> {
  const { root } = findProject();
  const plan = new ProjectPlan(root);
  const flags = words.filter((word) => word.startsWith('-'));
  plan.refuse(...flags.map((flag) => `unknown flag ${flag}`));
  fill(
    plan,
    words.filter((word) => !flags.includes(word)),
  );
  plan.check();
  await formatFiles(plan);
  planDeployment(plan);
  plan.check();
  const undo = plan.write();
  try {
    generateContracts(plan);
  } catch (error) {
    undo();
    throw error;
  }
  report(plan);
}

function report({ root, created, changed }: ProjectPlan): void {
  const scripts = scriptsOf(root);
  const next = FOLLOWING.filter((name) => follows(name, scripts[name])).map((name) => `npm run ${name}`);
  const lines = [
    ...[...created.keys()].map((path) => `  new      ${path}`),
    ...[...changed.keys()].map((path) => `  changed  ${path}`),
    ...(next.length > 0 ? ['', `  Next: ${next.join(', ')}`] : []),
  ];
  console.log(lines.join('\n'));
}

/** Files for containers are written already; the types of the API follow from what is compiled. */
function follows(name: string, script: string | undefined): boolean {
  return script !== undefined && (name !== 'generate' || script.includes('--client'));
}
