import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folders of the project that pages name paths in. */
const ROOTS = [
  'apps',
  'contracts',
  'libs',
  'config',
  'docs',
  'test',
  'tools',
  'bench',
  'packages',
  'k8s',
  'deploy',
  'examples',
];
const PATH = new RegExp(`(?<![\\w./-])(?:dist/)?(?:${ROOTS.join('|')})/[\\w./*{}-]*[\\w*]`, 'g');
/** Names that a guide creates as its example, and that do not exist. */
const EXAMPLES = /returns?(\b|_)/i;
/** A name with a suffix left open, such as `BREAKER_…`, represents several. */
const NAME = /(?<![\w$.-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w…]|_…|\()/g;

export const SCRIPTS = (
  JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Readonly<Record<string, string>> }
).scripts;

/** Paths of the project in a text that do not exist. */
export function missingPathsIn(text: string): string[] {
  return [...text.matchAll(PATH)]
    .map(([path]) => path)
    .filter((path) => !EXAMPLES.test(path) && !isThere(path));
}

function isThere(path: string): boolean {
  const source = /(^|\/)dist\//.test(path)
    ? path.replace(/(^|\/)dist\//, '$1').replace(/\.js$/, '.ts')
    : path;
  return source.includes('*') ? globSync(source).length > 0 : existsSync(source);
}

/** The package.json of the examples, with the patches that change it. */
const EXAMPLE_PACKAGES = globSync('examples/**/{package.json,*.patch}')
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

/** Scripts of package.json, or of an example's, that a text runs, and that do not exist. */
export function missingScriptsIn(text: string): string[] {
  const named = [...text.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, script]) => script ?? '');
  return named.filter((script) => !(script in SCRIPTS) && !EXAMPLE_PACKAGES.includes(`"${script}": `));
}

/** Options that a text passes to scripts of the project, and that their programs do not read. */
export function unknownOptionsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm run (?:--silent )?([\w:-]+) -- ([^\n#`|>)]*)/g)].flatMap(
    ([, script = '', words = '']) => {
      const source = sourceOf(script);
      const options = [...words.matchAll(/(?<!\S)--([a-z][\w-]*)/g)].map(([, option]) => option ?? '');
      return options
        .filter((option) => !new RegExp(`--${option}\\b|\\b${option}: [{'"\\[\\d]`).test(source))
        .map((option) => `${script} --${option}`);
    },
  );
}

/** The source of the program that a script runs. */
function sourceOf(script: string): string {
  if (SCRIPTS[script]?.includes('node libs/dist/cli/main.js')) return readSources('libs/cli/commands');
  const [, workspace, main] =
    /node (?:(packages\/[^/]+)\/)?dist\/(\S+)\.js/.exec(SCRIPTS[script] ?? '') ?? [];
  if (workspace !== undefined) return readSources(`${workspace}/src`);
  if (main === undefined) return '';
  // The shop's program prints its settings through the kit.
  const folders = main.startsWith('bundle/') ? ['libs/runtime/commands'] : [dirname(main)];
  return folders.map(readSources).join('\n');
}

/** Names in capitals in a text, such as those of settings, that do not occur in the project. */
export function unknownNamesIn(text: string): string[] {
  return [...text.matchAll(NAME)]
    .map(([name]) => name)
    .filter((name) => !EXAMPLES.test(name) && !isKnown(name) && !isKnown(name.replace(/_FILE$/, '')));
}

function isKnown(name: string): boolean {
  names ??= knownNames();
  return names.has(name);
}

let names: ReadonlySet<string> | undefined;

function knownNames(): ReadonlySet<string> {
  const files = ['docs/settings.md', 'docker-compose.yml', 'Dockerfile'];
  const tests = globSync('test/*/').filter((folder) => !folder.startsWith('test/docs'));
  const folders = ['apps', 'contracts', 'libs', 'tools', 'deploy', 'k8s', ...tests];
  return new Set(
    [...files.map((file) => readFileSync(file, 'utf8')), ...folders.map(readSources)].flatMap(
      (source) => source.match(/[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+/g) ?? [],
    ),
  );
}

function readSources(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(png|binpb|csv)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}
