import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startTestServer, type TestServer } from '#libs/testing';

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.data', 'coverage']);
const BIN = resolve('node_modules/.bin');

describe('A new context, made by npm run new', () => {
  let copy: string;
  let server: TestServer;

  /** Runs a program in the copy. Gives what it printed; fails with that when it fails. */
  function run(
    program: string,
    parameters: readonly string[],
    env: Record<string, string> = {},
  ): Promise<string> {
    const settings: NodeJS.ProcessEnv = { ...process.env, TEST_DATABASE_URL: server.url, ...env };
    // A run of tests that is started by one takes itself for a part of that.
    delete settings['NODE_TEST_CONTEXT'];
    return new Promise((done, failed) => {
      execFile(program, parameters, { cwd: copy, env: settings, maxBuffer: 1e8 }, (error, stdout, stderr) =>
        error
          ? failed(new Error(`${program} ${parameters.join(' ')}:\n${stdout}${stderr}`))
          : done(stdout + stderr),
      );
    });
  }

  const generate = (...parameters: string[]) =>
    run(process.execPath, [resolve('dist/tools/new/main.js'), ...parameters]);

  before(async () => {
    server = await startTestServer();
    copy = mkdtempSync(join(tmpdir(), 'fissile-new-'));
    for (const name of readdirSync('.')) {
      if (!LEFT_OUT.has(name)) cpSync(name, join(copy, name), { recursive: true });
    }
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
    await generate('context', 'returns');
    await run(join(BIN, 'tsc'), ['-p', 'tsconfig.json']);
  });

  after(async () => {
    rmSync(copy, { recursive: true });
    await server.stop();
  });

  it('is well formed, and keeps the borders and the rules of contracts', async () => {
    const made = [
      'apps/returns',
      'libs/contracts',
      'test/scenarios/returns.spec.ts',
      'config',
      'nest-cli.json',
    ];
    await run(join(BIN, 'prettier'), ['--check', ...made, 'apps/monolith']);
    await run(join(BIN, 'eslint'), ['apps/returns', 'libs/contracts', 'test/scenarios/returns.spec.ts']);
    await run(join(BIN, 'depcruise'), ['--config', '.dependency-cruiser.cjs', 'apps', 'libs']);
    await run(join(BIN, 'buf'), ['lint']);
    await run(join(BIN, 'buf'), ['breaking', '--against', 'libs/contracts/baseline.binpb']);
  });

  it('passes its own tests, in one process and split', async () => {
    const tests = ['dist/apps/returns/src/domain/return.spec.js', 'dist/test/scenarios/returns.spec.js'];
    await run(process.execPath, ['--test', ...tests]);
    await run(process.execPath, ['--test', ...tests], { TEST_TOPOLOGY: 'split', TEST_TRANSPORT: 'tcp' });
  });

  it('has a place in every topology, and leaves the rest of the file as it was', () => {
    const file = (folder: string) => readFileSync(join(folder, 'config/topology.yaml'), 'utf8').split('\n');
    const before = file('.');
    const changed = file(copy).filter((line) => !before.includes(line));
    assert.deepEqual(changed, [
      '  returns: [returns]',
      '  core: [orders, inventory, payments, notifications, returns]',
      '  catalogue: [products, returns]',
    ]);
  });

  it('is refused when it is there already, or its name cannot be', async () => {
    await assert.rejects(generate('context', 'returns'), /returns\.module\.ts.* exists already/);
    await assert.rejects(generate('context', 'Returns'), /expected names of 3 to 30 small letters/);
    await assert.rejects(generate('thing'), /usage: npm run new/);
  });
});
