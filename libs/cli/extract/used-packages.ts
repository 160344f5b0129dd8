import { isBuiltin } from 'node:module';

/** The sections of a package.json that name packages. */
export interface PackageSections {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const IMPORT = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"]([^'"]+)['"]/g;

/** What compiling and generating need, though no file imports it. */
const BUILD_PACKAGES = ['typescript', '@types/node', '@bufbuild/buf', 'ts-proto', '@nestjs/cli', 'node'];

/** What a NestJS program needs at run time, imported or not. */
const RUNTIME_PACKAGES = ['@fissile/kit', 'reflect-metadata', '@bufbuild/protobuf'];

/** The packages that a source file imports, without Node's own, `#` imports and relative files. */
export function packagesIn(source: string): string[] {
  return [...source.matchAll(IMPORT)].flatMap(([, specifier = '']) =>
    /^[.#/]/.test(specifier) || isBuiltin(specifier) ? [] : [packageOf(specifier)],
  );
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Those dependencies of a product that these source files use, with their types and what the build needs. */
export function usedPackages(
  sections: PackageSections,
  sources: readonly string[],
): Required<PackageSections> {
  const imported = new Set([...RUNTIME_PACKAGES, ...sources.flatMap(packagesIn)]);
  const types = [...imported].map((name) => `@types/${name.replace('@', '').replace('/', '__')}`);
  return {
    dependencies: pick(sections.dependencies, [...imported]),
    devDependencies: pick(sections.devDependencies, [...imported, ...types, ...BUILD_PACKAGES]),
  };
}

function pick(from: Readonly<Record<string, string>> = {}, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}
