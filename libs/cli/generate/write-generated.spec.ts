import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { generatedFiles } from './generated-files.js';
import { readDeployment } from './read-deployment.js';
import { differences, writeGenerated } from './write-generated.js';

const CONFIG = {
  'package.json': '{ "name": "toy" }',
  'config/deployment.yaml': 'compose: { services: [nats] }',
};
const split = (...contexts: string[]) =>
  `split: { ${contexts.map((name) => `${name}: [${name}]`).join(', ')} }`;

describe('Writing generated files', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'fissile-generated-'));
  });

  afterEach(() => rmSync(root, { recursive: true }));

  const filesFor = (contexts: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    generatedFiles(
      readDeployment(root, contexts, {
        ...CONFIG,
        'config/topology.yaml': split('gateway', ...contexts),
        ...more,
      }),
    );

  function add(path: string, content: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  it('writes what differs and nothing else', () => {
    const files = filesFor(['alpha']);
    assert.equal(writeGenerated(root, files).length, files.length);
    for (const { path, content } of files) assert.equal(readFileSync(join(root, path), 'utf8'), content);
    assert.ok(statSync(join(root, 'deploy/postgres/create-databases.sh')).mode & 0o100, 'it may be executed');
    const edited = 'k8s/base/service.yaml';
    add(edited, `${readFileSync(join(root, edited), 'utf8')}# edited\n`);
    for (const { path } of files) utimesSync(join(root, path), 1, 1);
    assert.deepEqual(differences(root, files), [{ path: edited, kind: 'different' }]);
    writeGenerated(root, files);
    const written = files.filter(({ path }) => statSync(join(root, path)).mtimeMs !== 1000);
    assert.deepEqual(
      written.map(({ path }) => path),
      [edited],
    );
    assert.deepEqual(writeGenerated(root, files), []);
  });

  it('removes what was generated for a context or a broker that is gone, with its folder', () => {
    writeGenerated(root, filesFor(['alpha', 'beta']));
    const files = filesFor(['alpha'], { 'config/deployment.yaml': '' });
    const gone = differences(root, files).filter(({ kind }) => kind === 'left over');
    assert.deepEqual(
      gone.map(({ path }) => path),
      [
        'deploy/nats/nats.conf',
        ...['kustomization', 'migrate', 'secrets'].map((name) => `k8s/overlays/split/beta/${name}.yaml`),
      ],
    );
    writeGenerated(root, files);
    assert.ok(!existsSync(join(root, 'deploy/nats')) && !existsSync(join(root, 'k8s/overlays/split/beta')));
    assert.deepEqual(differences(root, files), []);
  });

  it('touches only the part that a command is about', () => {
    const files = filesFor(['alpha']);
    writeGenerated(root, files, (path) => path.startsWith('k8s/'));
    assert.ok(
      existsSync(join(root, 'k8s/base/service.yaml')) && !existsSync(join(root, 'docker-compose.yml')),
    );
  });

  it('leaves alone what is the user’s, also a copy of a generated file', () => {
    const files = filesFor(['alpha']);
    writeGenerated(root, files);
    const copy = readFileSync(join(root, 'k8s/base/service.yaml'), 'utf8');
    add('k8s/overlays/mine/service.yaml', copy);
    add('compose.override.yaml', 'services: {}\n');
    assert.deepEqual(writeGenerated(root, files), []);
    assert.equal(readFileSync(join(root, 'k8s/overlays/mine/service.yaml'), 'utf8'), copy);
  });

  it('does not replace a file of the user’s, and writes nothing then', () => {
    add('docker-compose.yml', 'services: {}\n');
    add('k8s/base/service.yaml', 'kind: Service\n');
    const refusal =
      /nothing was written: docker-compose\.yml, k8s\/base\/service\.yaml would be generated, but are yours/;
    assert.throws(() => writeGenerated(root, filesFor(['alpha'])), refusal);
    assert.equal(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), 'services: {}\n');
    assert.ok(!existsSync(join(root, 'nest-cli.json')));
  });
});
