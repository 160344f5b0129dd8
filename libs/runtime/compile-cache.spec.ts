import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

const PROGRAM = `import { keepCompiled } from '${new URL('compile-cache.js', import.meta.url).href}';
await import('${new URL('../rpc/placement.js', import.meta.url).href}');
keepCompiled();
process.kill(process.pid, 'SIGKILL');`;

/** Runs a program that is killed once it has kept what is compiled. Gives what it printed. */
function run(env: Readonly<Record<string, string>>, cwd: string): Promise<string> {
  return new Promise((done) => {
    const parameters = ['--input-type=module', '--eval', PROGRAM];
    execFile(process.execPath, parameters, { cwd, env }, (_killed, stdout, stderr) => done(stdout + stderr));
  });
}

describe('What V8 has compiled', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-compile-cache-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  it('is kept with the data, also by a process that is killed', async () => {
    assert.equal(await run({ DATA_DIR: 'data' }, folder), '');
    const [version = ''] = readdirSync(join(folder, 'data/compile-cache'));
    assert.ok(readdirSync(join(folder, 'data/compile-cache', version)).length > 0);
  });

  it('is kept where NODE_COMPILE_CACHE says', async () => {
    assert.equal(await run({ DATA_DIR: 'other', NODE_COMPILE_CACHE: join(folder, 'own-cache') }, folder), '');
    assert.ok(!existsSync(join(folder, 'other')));
    assert.equal(readdirSync(join(folder, 'own-cache')).length, 1);
  });

  it('is not kept in production, where memory counts for longer than a start', async () => {
    assert.equal(await run({ DATA_DIR: 'production', NODE_ENV: 'production' }, folder), '');
    assert.ok(!existsSync(join(folder, 'production')));
  });

  it('is not kept, without a word, where nothing can be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    assert.equal(await run({ DATA_DIR: join(folder, 'file/data') }, folder), '');
  });
});
