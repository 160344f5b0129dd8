import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('main.js', import.meta.url));

describe('The command fissile', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-command-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  function run(...words: string[]) {
    return spawnSync(process.execPath, [COMMAND, ...words], { cwd: folder, encoding: 'utf8' });
  }

  it('shows its commands', () => {
    const { status, stdout } = run('--help');
    assert.equal(status, 0);
    assert.match(stdout, /migrate/);
  });

  it('does so without loading what its commands work with', () => {
    const refused = '/^(typeorm|typescript|@nestjs\\/core|@fissile\\/kit\\/messaging)$/';
    const hooks = `import { registerHooks } from 'node:module';
      registerHooks({
        resolve: (name, context, next) => {
          if (${refused}.test(name)) throw new Error('loads ' + name);
          return next(name, context);
        },
      });`;
    const preload = `data:text/javascript,${encodeURIComponent(hooks)}`;
    const environment = { ...process.env, NODE_OPTIONS: `--import ${preload}` };
    const { stdout, stderr } = spawnSync(process.execPath, [COMMAND, '--help'], {
      cwd: folder,
      encoding: 'utf8',
      env: environment,
    });
    assert.equal(stderr, '');
    assert.match(stdout, /migrate/);
  });

  it('rejects a command that it does not have', () => {
    const { status, stderr } = run('fly');
    assert.equal(status, 2);
    assert.match(stderr, /unknown command 'fly'/);
  });

  it('says what it expects where there is no product', () => {
    const { status, stderr } = run('migrate');
    assert.equal(status, 1);
    assert.match(stderr, /is no product: expected a package.json/);
  });

  it('passes arguments on to the program of the product, and its exit code back', () => {
    const product = { imports: { '#contracts': { default: './dist/contracts/index.js' } } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(product));
    mkdirSync(join(folder, 'dist/apps/monolith/src'), { recursive: true });
    writeFileSync(
      join(folder, 'dist/apps/monolith/src/main.js'),
      'console.log(process.argv.slice(2).join(" ")); process.exit(3);',
    );
    const { status, stdout } = run('config', 'alpha', '--json');
    assert.equal(stdout, 'config alpha --json\n');
    assert.equal(status, 3);
  });
});
