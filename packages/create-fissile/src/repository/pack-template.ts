import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Completes the template with what this repository already has: the context `users`, and the versions of packages. Runs
 * with each build, and before `npm pack`.
 */
export const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const PACKAGE = join(REPOSITORY, 'packages/create-fissile');
const PACKED = join(PACKAGE, 'template/packed');
const IN_KIT = join(REPOSITORY, 'libs/dist/create-fissile');

const SOURCES = ['apps/users', 'contracts/users'];

/** The description of the product is called `product` in a new project, and its users have the role `user`. */
const RENAMED: readonly (readonly [file: string, from: RegExp, to: string])[] = [
  ['apps/users/src/main.ts', /\bshop\b/g, 'product'],
  ['apps/users/src/users.module.ts', /\bshop\b/g, 'product'],
  ['apps/users/src/users.module.ts', /'customer'/g, "'user'"],
];

interface PackageFile {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function packTemplate(): void {
  rmSync(PACKED, { recursive: true, force: true });
  for (const source of SOURCES) {
    cpSync(join(REPOSITORY, source), join(PACKED, 'users', source), {
      recursive: true,
      filter: (path) => !path.endsWith('.spec.ts'),
    });
  }
  for (const [path, from, to] of RENAMED) {
    const file = join(PACKED, 'users', path);
    const text = readFileSync(file, 'utf8');
    if (text.search(from) < 0) throw new Error(`${relative(REPOSITORY, path)} has no ${from.source}`);
    writeFileSync(file, text.replace(from, to));
  }
  const { dependencies, devDependencies } = readPackageFile('package.json');
  const versions = {
    ...devDependencies,
    ...readPackageFile('libs/package.json').dependencies,
    ...readPackageFile('packages/api-client/package.json').dependencies,
    ...dependencies,
  };
  write(join(PACKED, 'versions.json'), `${JSON.stringify(versions, null, 2)}\n`);
}

function readPackageFile(path: string): PackageFile {
  return JSON.parse(readFileSync(join(REPOSITORY, path), 'utf8')) as PackageFile;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The kit of the same release has what makes a product, for `fissile upgrade`. */
function packIntoKit(): void {
  rmSync(IN_KIT, { recursive: true, force: true });
  cpSync(join(PACKAGE, 'template'), join(IN_KIT, 'template'), { recursive: true });
  for (const name of readdirSync(join(PACKAGE, 'dist'))) {
    if (!name.endsWith('.js') || name.endsWith('.spec.js')) continue;
    const text = readFileSync(join(PACKAGE, 'dist', name), 'utf8');
    // Without its map, which would lead to a source that is not there.
    write(join(IN_KIT, 'dist', name), text.replace(/^\/\/# sourceMappingURL=.*$/m, ''));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  packTemplate();
  packIntoKit();
}
