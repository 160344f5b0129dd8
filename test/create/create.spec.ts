import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { SHOP_WORDS } from '../architecture/kit-words.js';
import { users } from '#contracts/users';
import { ProductMaker } from './created-product.js';

const MAX_OWN_FILES = 60;
const GENERATED =
  /^(\.fissile|contracts\/generated|k8s|deploy|vendor)\/|^(Dockerfile|docker-compose\.yml|nest-cli\.json|package-lock\.json)$/;

/** Its users are a part of every product, and are called as those of the shop. */
const OF_USERS = new Set([
  'user',
  'the context users',
  ...Object.keys(users.errors),
  ...users.publishes.map(({ name }) => name),
  ...users.auditActions,
]);

describe('A product made by npm run create', () => {
  const maker = new ProductMaker();
  const product = maker.pathOf('clinic');

  const filesOf = (folder: string) =>
    globSync(['**/*', '**/.*', '{.fissile,.github}/**/*'], {
      cwd: folder,
      exclude: (path) => /(^|\/)(node_modules|dist|\.git|\.data)$/.test(path),
    }).filter((path) => statSync(join(folder, path)).isFile());

  before(() => maker.create('clinic', '--contexts', 'appointments,billing:invoice'));
  after(() => maker.remove());

  it('passes its tests: types, lint, boundaries, unit, in one process and split, parity', async () => {
    const output = await maker.run('clinic', 'npm', ['test']);
    for (const run of ['unit', 'monolith', 'split']) assert.match(output, new RegExp(`^${run}$`, 'm'));
    assert.match(output, /^monolith and split answer \d+ requests alike\.$/m);
    assert.match(output, /no dependency violations found/);
    assert.doesNotMatch(output, /^ℹ (fail|skipped|todo) [^0]/m);
  });

  it('answers after npm start, in one process and split', async () => {
    for (const TOPOLOGY of ['monolith', 'split']) {
      const address = await maker.start('clinic', { TOPOLOGY });
      const { status } = await fetch(`${address}/api/appointments`);
      assert.equal(status, 401, TOPOLOGY);
      const document = (await (await fetch(`${address}/docs-json`)).json()) as { paths: object };
      for (const path of ['/api/users', '/api/appointments', '/api/billing']) {
        assert.ok(path in document.paths, `${TOPOLOGY}: ${path}`);
      }
      await maker.stop();
    }
  });

  it('has nothing unused', async () => {
    const output = await maker.run('clinic', process.execPath, [resolve('node_modules/knip/bin/knip.js')]);
    assert.equal(output.trim(), '');
  });

  it('has few files beside its users and what is generated, and all are committed', async () => {
    const committed = (await maker.run('clinic', 'git', ['ls-files'])).trim().split('\n');
    assert.deepEqual(committed.sort(), filesOf(product).sort());
    const own = committed.filter((path) => !GENERATED.test(path) && !/^(apps|contracts)\/users\//.test(path));
    // Two contexts: 15 files each.
    assert.ok(own.length < MAX_OWN_FILES, `${own.length} files:\n${own.join('\n')}`);
  });

  it('names nothing of the shop', () => {
    const words = SHOP_WORDS.filter(({ word }) => !OF_USERS.has(word));
    const found = filesOf(product)
      .filter(
        (path) => !/^(vendor|contracts\/generated|k8s|deploy)\//.test(path) && path !== 'package-lock.json',
      )
      .flatMap((path) =>
        [path, ...readFileSync(join(product, path), 'utf8').split('\n')].map((line) => ({ path, line })),
      )
      .filter(({ line }) => words.some(({ pattern }) => pattern.test(line)));
    assert.deepEqual(found, []);
  });

  it('has a workflow that tests every push, and generated files that are fresh', async () => {
    const text = readFileSync(join(product, '.github/workflows/ci.yml'), 'utf8');
    const { jobs } = parse(text) as { jobs: Record<string, { steps: { run?: string }[] }> };
    const commands = jobs['test']?.steps.flatMap(({ run }) => run ?? []);
    assert.deepEqual(commands?.slice(0, 2), ['npm ci --no-audit --no-fund', 'npm test']);
    await maker.run('clinic', join(product, 'node_modules/.bin/fissile'), ['generate', '--check']);
  });

  it('is not made over another, and leaves nothing when a step fails', async () => {
    await assert.rejects(maker.create('clinic'), /Nothing was made:\n.*expected a new or an empty folder/);
    const broken = maker.pathOf('broken.tgz');
    writeFileSync(broken, 'this is no package');
    await assert.rejects(maker.create('other', '--kit', broken), /what was made is removed/);
    assert.ok(!existsSync(maker.pathOf('other')));
  });
});
