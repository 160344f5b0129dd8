import { CommandError } from '../command-error.js';
import { firstOwnPart } from '../generate/dockerfile.js';
import { packageFoldersIn } from '../generate/read-deployment.js';
import { formatterOf } from '../new/format-files.js';
import { ProjectPlan } from '../new/project-plan.js';
import { currentTemplates, kitVersion } from './current-templates.js';
import { planGenerated } from './plan-generated.js';
import { DOCKERFILE, planTemplates } from './plan-templates.js';
import { UpgradeReport } from './report.js';
import { readRecord, RECORD_FILE, recordText, type TemplateRecord } from './template-record.js';
import { uncommittedError } from './uncommitted.js';
import { isNewer, stepsBetween } from './versions.js';

export interface PlannedUpgrade {
  readonly plan: ProjectPlan;
  readonly report: UpgradeReport;
}

/**
 * Plans everything that an upgrade writes.
 * @throws CommandError that says why there can be none
 */
export async function planUpgrade(root: string): Promise<PlannedUpgrade> {
  const record = readRecord(root);
  const version = kitVersion();
  refuse([notNewerError(record, version), uncommittedError(root)]);
  const plan = new ProjectPlan(root);
  const report = new UpgradeReport(record.kit, version, stepsBetween(record.kit, version));
  const now = await currentTemplates(record);
  // Only one that fissile generate has made is known.
  if (record.files[DOCKERFILE] !== undefined) now[DOCKERFILE] = firstOwnPart(packageFoldersIn(root));
  const labels = { base: `made by ${record.kit}`, theirs: `made by ${version}` };
  const templates = { before: record.files, now };
  await planTemplates(plan, templates, { labels, format: await formatterOf(root) }, report);
  planGenerated(plan, report);
  plan.put(RECORD_FILE, recordText({ ...record, kit: version, files: now }));
  return { plan, report };
}

function notNewerError(record: TemplateRecord, version: string): string | undefined {
  if (isNewer(version, record.kit)) return undefined;
  return (
    `there is nothing to upgrade to: the product has the templates of ${record.kit}, and @fissile/kit ${version} is installed. ` +
    'Install a newer one first: npm install @fissile/kit@latest'
  );
}

function refuse(problems: readonly (string | undefined)[]): void {
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length === 0) return;
  throw new CommandError(`nothing was written:\n${found.map((problem) => `  - ${problem}`).join('\n')}`);
}
