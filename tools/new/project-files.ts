import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import type { ContextNames } from './context-names.js';
import { deployEdits } from './deploy-files.js';
import { insertBefore } from './text-edit.js';

const TEMPLATE = 'tools/new/template';

/** Writes the files of the new context. Gives their paths. @throws Error when one of them exists */
export function writeContext(root: string, names: ContextNames, timestamp: number): string[] {
  const values: Record<string, string> = { ...names, timestamp: String(timestamp) };
  const fill = (text: string): string =>
    text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
  const files = globSync('**/*.template', { cwd: join(root, TEMPLATE) }).map((template) => ({
    path: fill(template).replace(/\.template$/, ''),
    content: fill(readFileSync(join(root, TEMPLATE, template), 'utf8')),
  }));
  const existing = files.filter(({ path }) => existsSync(join(root, path)));
  if (existing.length > 0) throw new Error(`${existing.map(({ path }) => path).join(', ')} exists already`);
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return files.map(({ path }) => path);
}

/** Makes the new context known where contexts are listed. Gives the paths of the files that changed. */
export function registerContext(root: string, names: ContextNames): string[] {
  const { contexts, Contexts } = names;
  const edits: [string, (text: string) => string][] = [
    [
      'libs/contracts/contexts.ts',
      (text) => insertBefore(text, '] as const;\n\nexport type ContextName', `, '${contexts}'`),
    ],
    [
      'libs/contracts/all-contracts.ts',
      (text) =>
        insertBefore(
          insertBefore(
            text,
            '\nexport interface ContextContract',
            `import { ${Contexts} } from './${contexts}/index.js';\n`,
          ),
          '];\n\n/** Those that every context serves. */',
          `  { contract: ${Contexts}, context: '${contexts}' },\n`,
        ),
    ],
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
  for (const [path, edit] of edits) {
    const file = join(root, path);
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
  }
  return edits.map(([path]) => path);
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

/** A process of its own in split; elsewhere it joins the process that is listed last. */
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
