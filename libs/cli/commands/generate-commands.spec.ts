import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../main.js', import.meta.url));
const PRODUCT = `
import { defineContext, defineProduct } from '${import.meta.resolve('@fissile/kit/contract')}';
const contexts = [defineContext({ name: 'alpha' }), defineContext({ name: 'beta' })];
export const toy = defineProduct({ name: 'Toy', description: 'A toy.', contexts });
`;

describe('The commands that generate', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-generate-'));
    write(
      'package.json',
      '{ "name": "toy", "imports": { "#contracts": { "default": "./dist/contracts/index.js" } } }',
    );
    write('dist/contracts/index.js', PRODUCT);
    write('dist/package.json', '{ "type": "module" }');
    write('config/topology.yaml', 'pair:\n  edge: [gateway, alpha]\n  core: [beta]\n');
  });

  after(() => rmSync(folder, { recursive: true }));

  function write(path: string, content: string): void {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }

  const fissile = (...words: string[]) =>
    spawnSync(process.execPath, [COMMAND, ...words], { cwd: folder, encoding: 'utf8' });

  it('show examples', () => {
    for (const command of ['generate', 'compose', 'k8s']) {
      const { status, stdout } = fissile(command, '--help');
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`Examples:\\n  fissile ${command}`));
    }
  });

  it('write their part, and then have nothing to do', () => {
    assert.match(fissile('compose').stdout, /^created docker-compose\.yml$/m);
    assert.ok(!existsSync(join(folder, 'k8s')) && !existsSync(join(folder, 'nest-cli.json')));
    assert.match(fissile('k8s').stdout, /^created k8s\/base\/deployment\.yaml$/m);
    assert.match(fissile('generate').stdout, /^created nest-cli\.json$/m);
    assert.equal(fissile('generate').stdout, 'Everything is up to date.\n');
    assert.equal(fissile('generate', '--check').status, 0);
  });

  it('add an overlay for a topology, and name those that there are', () => {
    assert.equal(fissile('k8s', '--topology', 'pair').status, 0);
    assert.ok(existsSync(join(folder, 'k8s/overlays/pair/edge/hosts.yaml')));
    const { status, stderr } = fissile('k8s', '--topology', 'apart');
    assert.equal(status, 1);
    assert.equal(stderr, '--topology apart: unknown; expected one of monolith, pair\n');
  });

  it('fail with the names of stale files, when only checking', () => {
    fissile('generate');
    appendFileSync(join(folder, 'docker-compose.yml'), '# edited\n');
    rmSync(join(folder, 'deploy/compose.env.example'));
    const { status, stderr } = fissile('generate', '--check');
    assert.equal(status, 1);
    assert.match(
      stderr,
      /docker-compose\.yml: different\n {2}deploy\/compose\.env\.example: missing\nRun fissile/,
    );
    assert.ok(!existsSync(join(folder, 'deploy/compose.env.example')), 'it writes nothing');
  });

  it('write the types of the API too where they are asked for, and check them', () => {
    const paths = (path: string) => `{ openapi: '3.1.0', info: {}, paths: { '${path}': {} } }`;
    const program = 'dist/apps/monolith/src/main.js';
    write(program, `if (process.argv[2] === 'openapi') console.log(JSON.stringify(${paths('/notes')}));`);
    assert.match(
      fissile('generate', '--client').stdout,
      /^created client\/openapi\.json\ncreated client\/api\.ts$/m,
    );
    assert.equal(fissile('generate', '--client', '--check').status, 0);
    write(program, `console.log(JSON.stringify(${paths('/others')}));`);
    const { status, stderr } = fissile('generate', '--client', '--check');
    assert.equal(status, 1);
    assert.match(stderr, /client\/api\.ts: different\nRun fissile generate --client\.$/m);
    write(program, `console.error('it cannot'); process.exit(1);`);
    assert.match(
      fissile('generate', '--client').stderr,
      /main\.js openapi printed no OpenAPI document: it cannot$/m,
    );
  });

  it('refuse a part that the product does not want', () => {
    write('config/deployment.yaml', 'compose: false\n');
    assert.match(fissile('compose').stderr, /compose: false: the product does not want these files/);
    fissile('generate');
    assert.ok(!existsSync(join(folder, 'docker-compose.yml')) && !existsSync(join(folder, 'deploy')));
  });
});
