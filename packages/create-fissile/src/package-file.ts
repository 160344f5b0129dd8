import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokersOf } from './brokers.js';
import type { Answers } from './options.js';
import { TEMPLATE } from './template.js';

type Versions = Readonly<Record<string, string>>;

interface PackageFile {
  name?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(TEMPLATE, path), 'utf8'));

/**
 * The package.json of the new project: that of the template with the packages that the choices need. In the
 * template each version is `*`; the real ones are those that this release of the kit was tested with.
 * @param kit what package.json has for @fissile/kit, such as `^1.0.0` or `file:vendor/kit.tgz`
 */
export function packageFile(options: Answers, kit: string): string {
  const { name, auth } = options;
  const base = read('base/_package.json') as PackageFile;
  const added = read(`${auth}/_package.json`) as PackageFile;
  const versions = { ...(read('packed/versions.json') as Versions), '@fissile/kit': kit };
  const merged = {
    ...base,
    name,
    dependencies: withVersions([base.dependencies, added.dependencies], versions, driversOf(options)),
    devDependencies: withVersions([base.devDependencies, added.devDependencies], versions),
  };
  return `${JSON.stringify(merged, null, 2)}\n`;
}

function driversOf(options: Answers): string[] {
  return brokersOf(options).flatMap(({ packages }) => packages);
}

function withVersions(
  packages: readonly (Versions | undefined)[],
  versions: Versions,
  more: readonly string[] = [],
): Record<string, string> {
  const names = new Set([...packages.flatMap((listed) => Object.keys(listed ?? {})), ...more]);
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const version = versions[name];
      if (version === undefined) throw new Error(`no version of ${name} is packed`);
      return [name, version];
    }),
  );
}
