import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PLANTED_VIOLATIONS } from './planted-violations.js';

const CONFIG = resolve('.dependency-cruiser.cjs');
const CRUISER = resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

interface Rule {
  readonly name: string;
}

const rules = (createRequire(import.meta.url)(CONFIG) as { forbidden: Rule[] }).forbidden.map(
  ({ name }) => name,
);

interface Violation {
  readonly rule: Rule;
  /** The file that breaks the rule. */
  readonly from: string;
}

/** The violations in a tree, and the number of files read. */
async function cruise(
  folder: string,
  places: readonly string[],
): Promise<{ violations: Violation[]; totalCruised: number }> {
  const output = await new Promise<string>((done, failed) => {
    const parameters = [CRUISER, '--config', CONFIG, '--output-type', 'json', ...places];
    execFile(
      process.execPath,
      parameters,
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => (stdout === '' ? failed(new Error(stderr)) : done(stdout)),
    );
  });
  return (JSON.parse(output) as { summary: { violations: Violation[]; totalCruised: number } }).summary;
}

/** A tree with all the violations, in its own folder. */
function plant(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-boundaries-'));
  for (const files of Object.values(PLANTED_VIOLATIONS)) {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content, { flag: 'wx' });
    }
  }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      type: 'module',
      dependencies: { declared: '1.0.0' },
      devDependencies: { 'for-tests': '1.0.0' },
    }),
  );
  for (const file of ['tsconfig.json', 'tsconfig.base.json']) copyFileSync(resolve(file), join(folder, file));
  return folder;
}

describe('The boundaries', () => {
  it('hold in the whole tree', async () => {
    const places = ['apps', 'contracts', 'libs', 'tools', 'test', 'bench', 'packages'];
    const { violations, totalCruised } = await cruise('.', places);
    assert.deepEqual(violations, []);
    assert.ok(totalCruised > 200, `it read only ${totalCruised} files`);
  });

  it('have a planted violation each', () => {
    assert.deepEqual(Object.keys(PLANTED_VIOLATIONS).sort(), [...rules].sort());
  });

  describe('each planted violation', () => {
    let folder: string;
    let reported: Violation[];

    before(async () => {
      folder = plant();
      const places = Object.values(PLANTED_VIOLATIONS).flatMap((files) =>
        Object.keys(files).map((path) => path.split('/')[0] ?? ''),
      );
      const cruised = await cruise(
        folder,
        [...new Set(places)].filter((place) => place !== 'node_modules'),
      );
      reported = cruised.violations;
    });

    after(() => rmSync(folder, { recursive: true }));

    for (const [rule, files] of Object.entries(PLANTED_VIOLATIONS)) {
      it(`of ${rule} is reported`, () => {
        const broken = reported.filter(({ from }) => from in files).map((violation) => violation.rule.name);
        assert.ok(broken.includes(rule), `reported: ${broken.join(', ') || 'nothing'}`);
      });
    }
  });
});
