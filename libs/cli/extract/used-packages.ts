import { isBuiltin } from 'node:module';

/** The sections of a package.json that name packages. */
export interface PackageSections {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What compiling and generating need, though no file imports it. */
const BUILD_PACKAGES = ['typescript', '@types/node', '@bufbuild/buf', 'ts-proto', '@nestjs/cli', 'node'];

/** What a NestJS program needs at run time, imported or not. */
const RUNTIME_PACKAGES = ['@fissile/kit', 'reflect-metadata', '@bufbuild/protobuf'];

/** Optional peers of the kit that one of its rooms needs. */
const PACKAGES_OF_ROOMS: Readonly<Record<string, readonly string[]>> = {
  '@fissile/kit/accounts': ['@node-rs/argon2', '@zxcvbn-ts/language-common', 'nodemailer'],
  '@fissile/kit/mail': ['nodemailer'],
};

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * Those dependencies of a product that are imported, with their types and what the build needs.
 * @param specifiers of all imports; Node's own modules, `#` imports and relative files are no packages
 */
export function usedPackages(
  sections: PackageSections,
  specifiers: readonly string[],
): Required<PackageSections> {
  const packages = specifiers.filter((specifier) => !/^[.#/]/.test(specifier) && !isBuiltin(specifier));
  const ofRooms = packages.flatMap((specifier) => PACKAGES_OF_ROOMS[specifier] ?? []);
  const imported = new Set([...RUNTIME_PACKAGES, ...packages.map(packageOf), ...ofRooms]);
  const types = [...imported].map((name) => `@types/${name.replace('@', '').replace('/', '__')}`);
  return {
    dependencies: pick(sections.dependencies, [...imported]),
    devDependencies: pick(sections.devDependencies, [...imported, ...types, ...BUILD_PACKAGES]),
  };
}

function pick(from: Readonly<Record<string, string>> = {}, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}
