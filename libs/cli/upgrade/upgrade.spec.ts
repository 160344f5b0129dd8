import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mergeFile } from './merge-file.js';
import { mergePackageFile } from './merge-package-file.js';
import { UpgradeReport } from './report.js';
import { parseRecord } from './template-record.js';
import { isNewer, stepsBetween } from './versions.js';

const LABELS = { base: 'made by 1.0.0', theirs: 'made by 2.0.0' };

describe('A file that a product was made from', () => {
  const base = 'one\ntwo\nthree\nfour\nfive\n';
  const theirs = base.replace('one', 'ONE');
  const merge = (versions: { base?: string; ours?: string; theirs?: string }) =>
    mergeFile({ base: undefined, ours: undefined, theirs: undefined, ...versions }, LABELS);

  it('stays as it is when the kit has not changed it, whatever the user has done', () => {
    assert.equal(merge({ base, ours: 'mine\n', theirs: base }).kind, 'same');
    assert.equal(merge({ base, theirs: base }).kind, 'same');
  });

  it('is the new one where the user has not changed it', () => {
    assert.deepEqual(merge({ base, ours: base, theirs }), { kind: 'updated', text: theirs });
    assert.deepEqual(merge({ theirs }), { kind: 'new', text: theirs });
  });

  it('has both changes where they are apart, and markers where they are not', () => {
    const apart = merge({ base, ours: base.replace('five', 'FIVE'), theirs });
    assert.deepEqual(apart, { kind: 'merged', text: 'ONE\ntwo\nthree\nfour\nFIVE\n' });
    const clash = merge({ base, ours: base.replace('one', 'mine'), theirs });
    assert.equal(clash.kind, 'conflict');
    assert.match(
      'text' in clash ? clash.text : '',
      /^<<<<<<< yours\nmine\n\|{7} made by 1.0.0\none\n=======\nONE\n>>>>>>> made by 2.0.0\ntwo\n/,
    );
  });

  it('stays deleted where the user has deleted it', () => {
    assert.deepEqual(merge({ base, theirs }), { kind: 'deleted by you' });
  });

  it('is removed when it is no longer made, unless the user has changed it', () => {
    assert.deepEqual(merge({ base, ours: base }), { kind: 'removed' });
    assert.deepEqual(merge({ base, ours: 'mine\n' }), { kind: 'no longer made' });
  });

  it('has markers where a file of the user stands at its path', () => {
    assert.equal(merge({ ours: 'mine\n', theirs }).kind, 'conflict');
  });
});

describe('package.json', () => {
  it('is merged by fields, and keeps what the user has where both have changed one', () => {
    const base = { name: 'a', scripts: { test: 'one', old: 'x' }, dependencies: { b: '1', d: '1' } };
    const ours = {
      name: 'a',
      scripts: { test: 'mine', old: 'x', seed: 's' },
      dependencies: { b: '1', c: '1', d: '1' },
    };
    const theirs = {
      name: 'a',
      scripts: { test: 'two', lint: 'l' },
      dependencies: { a: '1', b: '2', d: '1' },
    };
    const { merged, kept } = mergePackageFile(base, ours, theirs);
    assert.deepEqual(merged, {
      name: 'a',
      scripts: { test: 'mine', seed: 's', lint: 'l' },
      dependencies: { a: '1', b: '2', c: '1', d: '1' },
    });
    assert.deepEqual(Object.keys(merged['dependencies'] as object), ['a', 'b', 'c', 'd']);
    assert.deepEqual(kept, [`scripts.test: yours is "mine", and the kit's is now "two"`]);
  });
});

describe('Versions', () => {
  it('are compared by their numbers, and a release comes after its candidates', () => {
    const inOrder = ['0.2.0', '0.10.0-rc.2', '0.10.0-rc.10', '0.10.0', '1.0.0'];
    for (const [index, version] of inOrder.entries()) {
      for (const [otherIndex, other] of inOrder.entries()) {
        assert.equal(isNewer(version, other), index > otherIndex, `${version} ${other}`);
      }
    }
  });

  it('have the steps of all that are passed, and of no other', () => {
    const all = ['1.0.0', '1.1.0', '2.0.0', '3.0.0'].map((version) => ({ version, steps: ['a step'] }));
    assert.deepEqual(stepsBetween('1.0.0', '2.0.0', all), ['1.1.0: a step', '2.0.0: a step']);
  });
});

describe('The report of an upgrade', () => {
  it('says what to generate after a conflict, and what to decide', () => {
    const report = new UpgradeReport('1.0.0', '2.0.0', []);
    report.add('conflict', 'config/topology.yaml');
    report.add('no longer made', 'old.txt');
    report.keepFields(['scripts.test: …']);
    const text = report.text({ dryRun: false });
    for (const line of ['Run npm run generate', 'Decide in package.json: scripts.test', 'Delete old.txt']) {
      assert.ok(text.includes(line), text);
    }
  });
});

describe('fissile upgrade', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-upgrade-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  function upgrade() {
    const command = fileURLToPath(new URL('../main.js', import.meta.url));
    return spawnSync(process.execPath, [command, 'upgrade'], { cwd: folder, encoding: 'utf8' });
  }

  it('refuses a folder that is no product, one without a record, and one that is up to date', () => {
    assert.match(upgrade().stderr, /is no product/);
    const product = { name: 'a', imports: { '#contracts': { default: './dist/contracts/index.js' } } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(product));
    assert.match(upgrade().stderr, /nothing was written: there is no .fissile\/templates.json/);
    mkdirSync(join(folder, '.fissile'));
    const record = { kit: '999.0.0', answers: {}, files: {} };
    writeFileSync(join(folder, '.fissile/templates.json'), JSON.stringify(record));
    const { status, stderr } = upgrade();
    assert.equal(status, 1);
    // All that is wrong, in one message.
    assert.match(stderr, /^nothing was written:\n.*the templates of 999.0.0.*\n.*this is no git repository/);
  });

  it('names the fields of a record that are wrong', () => {
    assert.throws(() => parseRecord('{'), /cannot be read.*\n {2}the file: /);
    assert.throws(() => parseRecord('{"kit":"new","answers":{},"files":{"a":1}}'), /kit: .*\n {2}files.a: /);
  });
});
