import { ownPartOf } from '../generate/dockerfile.js';
import { headerOf } from '../generate/header.js';
import type { FormatText } from '../new/format-files.js';
import type { ProjectPlan } from '../new/project-plan.js';
import { type Labels, mergeFile, type Outcome, type Versions } from './merge-file.js';
import { mergePackageFile } from './merge-package-file.js';
import { PACKAGE_FILE, type UpgradeReport } from './report.js';

export const DOCKERFILE = 'Dockerfile';

/** Not merged: a conflict in it could only be resolved by generating it again. */
const GENERATED_CODE = /^contracts\/generated\//;

export interface Templates {
  readonly before: Readonly<Record<string, string>>;
  readonly now: Readonly<Record<string, string>>;
}

export interface Merging {
  readonly labels: Labels;
  readonly format: FormatText;
}

/** Plans what becomes of the files that the product was made from. */
export async function planTemplates(
  plan: ProjectPlan,
  { before, now }: Templates,
  { labels, format }: Merging,
  report: UpgradeReport,
): Promise<void> {
  const paths = new Set([...Object.keys(before), ...Object.keys(now)]);
  for (const path of [...paths].sort()) {
    const versions = {
      base: await formatted(path, before[path], format),
      ours: ownText(path, plan.original(path)),
      theirs: await formatted(path, now[path], format),
    };
    if (path === PACKAGE_FILE) await planPackageFile(plan, versions, format, report);
    else carryOut(plan, path, outcomeOf(path, versions, labels), report);
  }
}

/** As the product's code is formatted, so that only what has changed differs. */
async function formatted(path: string, text: string | undefined, format: FormatText) {
  return text === undefined ? undefined : format(path, text);
}

/** The targets of a Dockerfile are generated; one without their line is the user's altogether, like any other file. */
function ownText(path: string, text: string | undefined): string | undefined {
  return text !== undefined && path === DOCKERFILE ? (ownPartOf(text) ?? text) : text;
}

function outcomeOf(path: string, versions: Versions, labels: Labels): Outcome {
  const { base, ours, theirs } = versions;
  if (!GENERATED_CODE.test(path) || ours === undefined || theirs === undefined) {
    return mergeFile(versions, labels);
  }
  return base === theirs || ours === theirs ? { kind: 'same' } : { kind: 'updated', text: theirs };
}

function carryOut(plan: ProjectPlan, path: string, outcome: Outcome, report: UpgradeReport): void {
  if (outcome.kind === 'same') return;
  report.add(outcome.kind, path);
  if (outcome.kind === 'removed') plan.remove(path);
  if (!('text' in outcome)) return;
  const targetsFollow = path === DOCKERFILE && ownPartOf(plan.original(path) ?? '') !== undefined;
  plan.put(path, targetsFollow ? `${outcome.text}${headerOf(DOCKERFILE)}\n` : outcome.text);
}

async function planPackageFile(
  plan: ProjectPlan,
  { base, ours, theirs }: Versions,
  format: FormatText,
  report: UpgradeReport,
): Promise<void> {
  if (base === undefined || ours === undefined || theirs === undefined) return;
  const [before, own, now] = [base, ours, theirs].map((text) => JSON.parse(text) as Record<string, unknown>);
  const { merged, kept } = mergePackageFile(before ?? {}, own ?? {}, now ?? {});
  report.keepFields(kept);
  const text = await format(PACKAGE_FILE, `${JSON.stringify(merged, null, 2)}\n`);
  if (JSON.stringify(merged) === JSON.stringify(own)) return;
  report.add('merged', PACKAGE_FILE);
  plan.put(PACKAGE_FILE, text);
}
