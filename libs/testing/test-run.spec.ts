import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const TEST_RUN = fileURLToPath(new URL('test-run.js', import.meta.url));

const PASSES = `import { it } from 'node:test';\nit('passes', () => undefined);\n`;
const FAILS = `import { it } from 'node:test';\nit('fails', () => { throw new Error('planted'); });\n`;
/** As where something took too long. */
const FAILS_ONCE = `import { it, describe } from 'node:test';
import { existsSync, writeFileSync } from 'node:fs';
describe('outer', () => {
  it('fails once', () => {
    const marker = new URL('marker', import.meta.url);
    if (existsSync(marker)) return;
    writeFileSync(marker, '');
    throw new Error('planted');
  });
});
`;

describe('A test run', () => {
  const folders: string[] = [];
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  function runOf(texts: Readonly<Record<string, string>>, again?: string) {
    const folder = mkdtempSync(join(tmpdir(), 'fissile-run-'));
    folders.push(folder);
    const files = Object.entries(texts).map(([name, text]) => {
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    });
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined, TEST_AGAIN: again };
    return spawnSync(process.execPath, [TEST_RUN, 'spec', ...files], { env, encoding: 'utf8' });
  }

  it('has passed when all tests have', () => {
    const { status, stdout } = runOf({ 'one.spec.mjs': PASSES }, 'alone');
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, /run again alone/);
  });

  it('has failed when one of its tests has', () => {
    assert.equal(runOf({ 'one.spec.mjs': PASSES, 'other.spec.mjs': FAILS_ONCE }).status, 1);
  });

  it('may run a file again alone that failed beside others, says so, and has passed when the file has', () => {
    const { status, stdout } = runOf({ 'one.spec.mjs': PASSES, 'other.spec.mjs': FAILS_ONCE }, 'alone');
    assert.equal(status, 0, stdout);
    assert.match(stdout, /run again alone:\n {2}\S+other\.spec\.mjs\n\n/);
  });

  it('has failed when a file fails alone too, or cannot be loaded', () => {
    assert.equal(runOf({ 'one.spec.mjs': PASSES, 'other.spec.mjs': FAILS }, 'alone').status, 1);
    assert.equal(runOf({ 'one.spec.mjs': 'throw new Error("planted");' }, 'alone').status, 1);
  });
});
