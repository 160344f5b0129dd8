import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import type { ContextNames } from './context-names.js';
import { deployEdits } from './deploy-files.js';
import { insertBefore, replaceAt } from './text-edit.js';

const TEMPLATE = 'tools/new/template';

/** A file of the project, with its new content. */
export interface ProjectFile {
  readonly path: string;
  readonly content: string;
}

/** The files of the new context. @throws Error when one of them exists */
export function contextFiles(root: string, names: ContextNames, timestamp: number): ProjectFile[] {
  const values: Record<string, string> = { ...names, timestamp: String(timestamp) };
  const fill = (text: string): string =>
    text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
  const files = globSync('**/*.template', { cwd: join(root, TEMPLATE) }).map((template) => ({
    path: fill(template).replace(/\.template$/, ''),
    content: fill(readFileSync(join(root, TEMPLATE, template), 'utf8')),
  }));
  const existing = files.filter(({ path }) => existsSync(join(root, path)));
  if (existing.length > 0) throw new Error(`${existing.map(({ path }) => path).join(', ')} exists already`);
  return files;
}

export function writeFiles(root: string, files: readonly ProjectFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** The files that list contexts, with the new one added. @throws Error when one of them has no place for it */
export function registrations(root: string, names: ContextNames): ProjectFile[] {
  const { contexts } = names;
  const edits: [string, (text: string) => string][] = [
    ['contracts/index.ts', (text) => addToProduct(text, contexts)],
    [
      'apps/monolith/src/main.ts',
      (text) =>
        insertBefore(
          text,
          '});',
          `  ${contexts}: () => import('../../${contexts}/src/${contexts}.module.js'),\n`,
        ),
    ],
    ['nest-cli.json', (text) => addProject(text, contexts)],
    ['config/topology.yaml', (text) => addToTopologies(text, contexts)],
    ...deployEdits(names),
  ];
  return edits.map(([path, edit]) => ({ path, content: edit(readFileSync(join(root, path), 'utf8')) }));
}

/** One line in the list of contexts, and its import. */
function addToProduct(text: string, context: string): string {
  const withImport = insertBefore(
    text,
    '\n/** The shop:',
    `import { ${context} } from './${context}/index.js';\n`,
  );
  return replaceAt(withImport, /(contexts: \[[^\]]*?),?(\s*\])/, `$1, ${context}$2`);
}

function addProject(text: string, context: string): string {
  const config = JSON.parse(text) as { projects: Record<string, unknown> };
  config.projects[context] = {
    type: 'application',
    root: `apps/${context}`,
    sourceRoot: `apps/${context}/src`,
    entryFile: `apps/${context}/src/main`,
    compilerOptions: { tsConfigPath: 'tsconfig.app.json' },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** A separate process in split; in other topologies it joins the process that is listed last. */
function addToTopologies(text: string, context: string): string {
  const document: Document = parseDocument(text);
  const topologies = document.toJS() as Record<string, Record<string, unknown>>;
  for (const [topology, processes] of Object.entries(topologies)) {
    if (topology === 'split') {
      document.setIn([topology, context], document.createNode([context], { flow: true }));
      continue;
    }
    const last = Object.keys(processes).at(-1) ?? '';
    const hosts = Array.isArray(processes[last]) ? [topology, last] : [topology, last, 'hosts'];
    document.addIn(hosts, context);
  }
  return document.toString({ flowCollectionPadding: false, lineWidth: 0 });
}
