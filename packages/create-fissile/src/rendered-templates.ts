import type { Answers } from './options.js';
import { ownVersion, projectFiles } from './project-files.js';
import type { TemplateFile } from './template.js';

/** What `.fissile/templates.json` of a product says was asked. */
interface RecordedAnswers extends Omit<Answers, 'contexts'> {
  /** Absent in records of the first version. */
  readonly contexts?: Answers['contexts'];
  /** What package.json had for the kit when the product was made. */
  readonly kit: string;
}

/** What `fissile upgrade` merges with: from what answers, by what version, and how each file began. */
export function templateRecord(options: Answers, kit: string, files: readonly TemplateFile[]): TemplateFile {
  const { name, contexts, auth, transport, bus, k8s } = options;
  const answers: RecordedAnswers = {
    name,
    contexts,
    auth,
    ...(transport !== undefined && { transport }),
    ...(bus !== undefined && { bus }),
    k8s,
    kit,
  };
  const record = { kit: ownVersion(), answers, files: textsByPath(files) };
  return { path: '.fissile/templates.json', text: `${JSON.stringify(record, null, 2)}\n` };
}

/** For `fissile upgrade`: this module is packed with the kit. */
export function renderTemplates(answers: RecordedAnswers): Record<string, string> {
  return textsByPath(projectFiles({ contexts: [], ...answers }, answers.kit));
}

function textsByPath(files: readonly TemplateFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
}
