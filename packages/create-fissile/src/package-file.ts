import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Auth } from './options.js';
import { TEMPLATE } from './template.js';

type Versions = Readonly<Record<string, string>>;

interface PackageFile {
  name?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(TEMPLATE, path), 'utf8'));

/**
 * The package.json of the new project: that of the template with the packages of the chosen authentication. In the
 * template each version is `*`; the real ones are those that this release of the kit was tested with.
 * @param kit what package.json has for @fissile/kit, such as `^1.0.0` or `file:vendor/kit.tgz`
 */
export function packageFile(name: string, auth: Auth, kit: string): string {
  const base = read('base/_package.json') as PackageFile;
  const added = read(`${auth}/_package.json`) as PackageFile;
  const versions = { ...(read('packed/versions.json') as Versions), '@fissile/kit': kit };
  const merged = {
    ...base,
    name,
    dependencies: withVersions({ ...base.dependencies, ...added.dependencies }, versions),
    devDependencies: withVersions({ ...base.devDependencies, ...added.devDependencies }, versions),
  };
  return `${JSON.stringify(merged, null, 2)}\n`;
}

function withVersions(names: Versions, versions: Versions): Record<string, string> {
  return Object.fromEntries(
    Object.keys(names)
      .sort()
      .map((name) => {
        const version = versions[name];
        if (version === undefined) throw new Error(`no version of ${name} is packed`);
        return [name, version];
      }),
  );
}
