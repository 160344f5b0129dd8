import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, normalize, relative, resolve } from 'node:path';
import { TOPOLOGY_FILE } from '@fissile/kit/contract';
import { CommandError } from '../command-error.js';
import type { ProductProject } from '../product-project.js';
import { dockerfileStages, dockerfileTarget, dockerignoreText } from '../generate/dockerfile.js';
import { readmeOf, workflowOf } from './extracted-texts.js';
import { importedFiles } from './imported-files.js';
import { type ImportsOf, importsIn } from './imports-of.js';
import { type PackageSections, usedPackages } from './used-packages.js';

/** A file of the new repository: its path there, and its content. */
interface ExtractedFile {
  readonly path: string;
  readonly content: Buffer | string;
}

interface ProductPackage extends PackageSections {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly engines?: object;
  readonly imports?: object;
  readonly allowScripts?: object;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** The product's language and its build, which the context shares with the rest. */
const SHARED = [
  'contracts/**/*',
  TOPOLOGY_FILE,
  'buf.yaml',
  'buf.gen.yaml',
  'tsconfig.base.json',
  '.editorconfig',
  '.gitignore',
  '.nvmrc',
  '.prettierrc.json',
  'LICENSE',
];

/**
 * Copies a context out as a repository of its own: its app with its migrations and specs, the contracts of the product,
 * which it still calls and is called by, and what builds, tests and ships it. The product is left as it is.
 * @returns the paths of the files, relative to the folder
 * @throws CommandError for an unknown context, or a folder that exists and is not empty; nothing is written then
 */
export function extractContext({ root }: ProductProject, context: string, target: string): string[] {
  const folder = resolve(target);
  const errors = [...contextErrors(root, context), ...folderErrors(root, folder)];
  if (errors.length > 0) throw new CommandError(errors.join('\n'));
  const files = plan(root, context);
  // Whole or not at all: the folder gets its name when all files are in it.
  const unfinished = `${folder}.unfinished-${process.pid}`;
  try {
    for (const { path, content } of files) {
      mkdirSync(dirname(join(unfinished, path)), { recursive: true });
      writeFileSync(join(unfinished, path), content);
    }
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return files.map(({ path }) => path);
}

function contextErrors(root: string, context: string): string[] {
  const known = readdirSync(join(root, 'apps')).filter(
    (app) => existsSync(join(root, 'contracts', app)) && existsSync(join(root, 'apps', app, 'src/main.ts')),
  );
  if (known.includes(context)) return [];
  return [`there is no context ${context}: expected one of ${known.join(', ')}`];
}

function folderErrors(root: string, folder: string): string[] {
  const inside = relative(root, folder);
  if (!inside.startsWith('..')) return [`${folder} is inside the product: expected a folder beside it`];
  if (!existsSync(folder) || isEmptyFolder(folder)) return [];
  return [`${folder} exists: expected a folder that does not exist, or is empty`];
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

function plan(root: string, context: string): ExtractedFile[] {
  const importsOf = importsIn(root);
  const copied = copiedFiles(root, context, importsOf);
  const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as ProductPackage;
  const sources = copied.filter(({ path }) => path.endsWith('.ts')).map(({ content }) => String(content));
  const packages = usedPackages(description, sources.flatMap(importsOf));
  const vendored = vendoredFiles(root, packages);
  const folders = [...new Set(vendored.map(({ path }) => path.split('/')[0] ?? ''))];
  const product = description.name ?? basename(root);
  return [
    ...copied,
    ...vendored,
    { path: 'package.json', content: asJson(packageFile(description, packages, { product, context })) },
    { path: 'tsconfig.json', content: asJson(compilerOptions(root)) },
    { path: 'Dockerfile', content: `${dockerfileStages(folders)}\n${dockerfileTarget(context)}` },
    { path: '.dockerignore', content: dockerignoreText(folders) },
    { path: 'README.md', content: readmeOf(product, context) },
    { path: '.github/workflows/ci.yml', content: workflowOf() },
  ];
}

/** @throws CommandError when the context imports files of another app */
function copiedFiles(root: string, context: string, importsOf: ImportsOf): ExtractedFile[] {
  const own = globSync([`apps/${context}/**/*`, ...SHARED], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  const imported = importedFiles(root, own, importsOf);
  const foreign = imported.filter((path) => path.startsWith('apps/'));
  if (foreign.length > 0) {
    throw new CommandError(
      `${context} imports files of other apps: ${foreign.join(', ')}. Expected contracts alone`,
    );
  }
  return [...own, ...imported].sort().map((path) => ({ path, content: readFileSync(join(root, path)) }));
}

/** Packages that the product has as files, such as a kit that is not from the registry. */
function vendoredFiles(
  root: string,
  { dependencies, devDependencies }: Required<PackageSections>,
): ExtractedFile[] {
  return Object.values({ ...dependencies, ...devDependencies })
    .filter((version) => version.startsWith('file:'))
    .map((version) => normalize(version.slice('file:'.length)))
    .map((path) => ({ path, content: readFileSync(join(root, path)) }));
}

function packageFile(
  { version, license, engines, imports, allowScripts, scripts = {} }: ProductPackage,
  packages: Required<PackageSections>,
  { product, context }: { product: string; context: string },
): object {
  const program = `dist/apps/${context}/src/main.js`;
  return {
    name: `${product}-${context}`,
    version,
    private: true,
    license,
    type: 'module',
    engines,
    imports,
    scripts: {
      build: 'tsc',
      start: `npm run --silent build && node ${program}`,
      migrate: `npm run --silent build && node ${program} migrate`,
      config: `npm run --silent build && node ${program} config`,
      contracts: scripts['contracts'] ?? 'buf generate',
      test: 'npm run --silent build && node --test "dist/**/*.spec.js"',
    },
    allowScripts,
    ...packages,
  };
}

function compilerOptions(root: string): object {
  const base = existsSync(join(root, 'tsconfig.base.json'));
  const own = base ? {} : (JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as object);
  const { compilerOptions: options = {} } = own as { compilerOptions?: object };
  return {
    ...(base && { extends: './tsconfig.base.json' }),
    compilerOptions: {
      ...options,
      rootDir: '.',
      outDir: 'dist',
      incremental: true,
      tsBuildInfoFile: 'dist/.tsbuildinfo',
    },
    include: ['**/*.ts'],
    exclude: ['node_modules', 'dist'],
  };
}

function asJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
