import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { PLANTED_VIOLATIONS } from './planted-violations.js';

const CONFIG = resolve('.dependency-cruiser.cjs');
const CRUISER = resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

interface Rule {
  readonly name: string;
}

const rules = (createRequire(import.meta.url)(CONFIG) as { forbidden: Rule[] }).forbidden.map(
  ({ name }) => name,
);

/** The names of the rules that a tree breaks, and how many files were read. */
async function cruise(
  folder: string,
  endpoints: readonly string[],
): Promise<{ broken: string[]; cruised: number }> {
  const output = await new Promise<string>((done, failed) => {
    const parameters = [CRUISER, '--config', CONFIG, '--output-type', 'json', ...endpoints];
    execFile(
      process.execPath,
      parameters,
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => (stdout === '' ? failed(new Error(stderr)) : done(stdout)),
    );
  });
  const { summary } = JSON.parse(output) as {
    summary: { violations: { rule: Rule }[]; totalCruised: number };
  };
  return {
    broken: [...new Set(summary.violations.map(({ rule }) => rule.name))],
    cruised: summary.totalCruised,
  };
}

async function withTree(
  files: Readonly<Record<string, string>>,
  check: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-borders-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({
        type: 'module',
        dependencies: { declared: '1.0.0' },
        devDependencies: { 'for-tests': '1.0.0' },
      }),
    );
    for (const file of ['tsconfig.json', 'tsconfig.base.json'])
      copyFileSync(resolve(file), join(folder, file));
    await check(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('Borders', () => {
  it('hold in the whole tree', async () => {
    const { broken, cruised } = await cruise('.', ['apps', 'contracts', 'libs', 'tools', 'test', 'packages']);
    assert.deepEqual(broken, []);
    assert.ok(cruised > 200, `it read only ${cruised} files`);
  });

  it('have a planted violation each', () => {
    assert.deepEqual(Object.keys(PLANTED_VIOLATIONS).sort(), [...rules].sort());
  });

  for (const [rule, files] of Object.entries(PLANTED_VIOLATIONS)) {
    it(`${rule} is reported when it is broken`, async () => {
      await withTree(files, async (folder) => {
        const endpoints = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
        const { broken } = await cruise(
          folder,
          endpoints.filter((place) => place !== 'node_modules'),
        );
        assert.ok(broken.includes(rule), `reported: ${broken.join(', ') || 'nothing'}`);
      });
    });
  }
});
