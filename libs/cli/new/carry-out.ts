import { findProject, scriptsOf } from '../product-project.js';
import { formatFiles } from './format-files.js';
import { ProjectPlan } from './project-plan.js';
import { ACCOUNT_FILES } from '../generate/compose/broker-accounts.js';
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

function report(plan: ProjectPlan): void {
  const { root, created, changed } = plan;
  const scripts = scriptsOf(root);
  const hasAccounts = ACCOUNT_FILES.some((path) => plan.has(path));
  const next = FOLLOWING.filter((name) => follows(name, scripts[name], hasAccounts)).map(
    (name) => `npm run ${name}`,
  );
  const lines = [
    ...[...created.keys()].map((path) => `  new      ${path}`),
    ...[...changed.keys()].map((path) => `  changed  ${path}`),
    ...(next.length > 0 ? ['', `  Next: ${next.join(', ')}`] : []),
  ];
  console.log(lines.join('\n'));
}

/** Files for containers are written already; the types of the API, and what accounts at brokers may, follow from what is compiled. */
function follows(name: string, script: string | undefined, hasAccounts: boolean): boolean {
  return script !== undefined && (name !== 'generate' || hasAccounts || script.includes('--client'));
}
