import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { ProjectCopy } from '../harness/project-copy.js';
import { readCompose, schemaFaults } from './compose.js';
import { dockerfileFaults, programsOf } from './dockerfile.js';
import { hasKubectl, render } from './kubectl.js';
import * as kubernetes from './kubernetes.js';
import { rolloutFaults } from './kubernetes-rollout.js';

const COMMAND = resolve('libs/dist/cli/main.js');
const INPUTS = ['package.json', 'config', 'nest-cli.json', 'Dockerfile', '.dockerignore'];
const OUTPUTS = ['docker-compose.yml', 'compose.override.yaml', 'deploy', 'k8s'];

const canRender = await hasKubectl();
// In CI, a check that could not run has failed.
const skip = canRender || process.env['CI'] === 'true' ? false : 'kubectl is missing';

describe('The generated files of the deployment', () => {
  let copy: ProjectCopy;
  const fissile = (...words: string[]) => copy.run('node', [COMMAND, ...words]);
  const read = (path: string) => readFileSync(join(copy.folder, path), 'utf8');

  beforeEach(() => {
    copy = new ProjectCopy([...INPUTS, ...OUTPUTS]);
    symlinkSync(resolve('dist'), join(copy.folder, 'dist'));
  });

  afterEach(() => copy.remove());

  it('are as fissile generate writes them', async () => {
    await promisify(execFile)(process.execPath, [COMMAND, 'generate', '--check']);
  });

  it('are reported when one was edited, is gone, or is of something that is gone', async () => {
    appendFileSync(join(copy.folder, 'k8s/base/service.yaml'), '# edited\n');
    await copy.run('node', ['--eval', "fs.rmSync('deploy/nats/nats.conf')"]);
    const leftOver = read('k8s/overlays/split/orders/migrate.yaml').replace('split/orders', 'split/returns');
    await copy.run('node', ['--eval', "fs.mkdirSync('k8s/overlays/split/returns')"]);
    writeFileSync(join(copy.folder, 'k8s/overlays/split/returns/migrate.yaml'), leftOver);
    const stale = [
      'deploy/nats/nats.conf: missing',
      'k8s/base/service.yaml: different',
      'k8s/overlays/split/returns/migrate.yaml: left over',
    ];
    await assert.rejects(fissile('generate', '--check'), (error: Error) => {
      for (const line of stale) assert.ok(error.message.includes(line), error.message);
      return !error.message.includes('docker-compose.yml');
    });
    await fissile('generate');
    await fissile('generate', '--check');
    assert.ok(!existsSync(join(copy.folder, 'k8s/overlays/split/returns')));
  });

  it('leave alone what a user adds', async () => {
    const own = [
      'compose.override.yaml',
      'deploy/prometheus/rules/shop.yml',
      'k8s/overlays/mine/service.yaml',
    ];
    await copy.run('node', ['--eval', "fs.mkdirSync('k8s/overlays/mine')"]);
    // A copy of a generated file, to begin with.
    writeFileSync(join(copy.folder, own[2] ?? ''), read('k8s/base/service.yaml'));
    const before = own.map(read);
    assert.match(await fissile('generate'), /up to date/);
    assert.deepEqual(own.map(read), before);
  });

  it('add an overlay for another topology, which then is kept up to date', { skip }, async () => {
    await fissile('k8s', '--topology', 'edge-core');
    const resources = kubernetes.readResources(await render(join(copy.folder, 'k8s/overlays/edge-core')));
    assert.deepEqual(kubernetes.schemaFaults(resources), []);
    assert.deepEqual(kubernetes.containerFaults(resources), []);
    assert.deepEqual(kubernetes.unguarded(resources), []);
    assert.deepEqual(kubernetes.mistakableJobs(resources), []);
    assert.deepEqual(rolloutFaults(resources), []);
    const topologies = parse(read('config/topology.yaml')) as Record<string, Record<string, string[]>>;
    for (const [name, hosts] of Object.entries(topologies['edge-core'] ?? {})) {
      for (const kind of ['Deployment fissile-', 'Job fissile-migrate-']) {
        const found = resources.find((one) => `${one.kind} ${one.metadata.name}` === `${kind}${name}`);
        const env = found?.spec.template.spec.containers[0]?.env ?? [];
        assert.deepEqual(
          env.find((variable) => variable.name === 'HOSTS'),
          { name: 'HOSTS', value: hosts.join(',') },
          `${kind}${name}`,
        );
      }
    }
    assert.deepEqual(
      [...new Set(kubernetes.waysIn(resources).map((way) => way.split(' ')[1]))],
      ['fissile-clients-edge:http'],
    );
    assert.deepEqual(kubernetes.headlessServices(resources), ['fissile-core', 'fissile-edge']);
    writeFileSync(join(copy.folder, 'k8s/overlays/edge-core/settings.yaml'), '');
    await assert.rejects(fissile('generate', '--check'), /edge-core\/settings\.yaml: different/);
  });

  it('name every image in one place, and refuse more connections than PostgreSQL accepts', async () => {
    copy.edit('config/deployment.yaml', '  tag: ', '  registry: registry.example/team\n  tag: 1.4.2 # ');
    await fissile('k8s');
    for (const app of ['users', 'gateway']) {
      const { images } = parse(read(`k8s/overlays/split/${app}/kustomization.yaml`)) as { images: object[] };
      const newName = `registry.example/team/fissile-${app}`;
      assert.deepEqual(images, [{ name: 'fissile', newName, newTag: '1.4.2' }]);
    }
    copy.edit('config/deployment.yaml', 'maxConnections: 1000', 'maxConnections: 100');
    await assert.rejects(
      fissile('k8s'),
      /kubernetes\.maxConnections: expected at least 591, .*DATABASE_POOL_SIZE/,
    );
  });

  it('make a profile of another topology, whose processes the shop is able to be', async () => {
    copy.edit('config/deployment.yaml', 'compose:\n', 'compose:\n  topologies: [split, edge-core]\n');
    await fissile('compose');
    const file = readCompose(read('docker-compose.yml'));
    assert.deepEqual(schemaFaults(file), []);
    const services = Object.entries(file.services).filter(([, { profiles }]) =>
      profiles?.includes('edge-core'),
    );
    const processes = services.filter(([, { build }]) => build);
    assert.deepEqual(
      processes.map(([name]) => name),
      ['edge-core-edge', 'edge-core-core'],
    );
    for (const [name, { environment = {} }] of processes) {
      const addresses = String(environment['PROCESS_ADDRESSES']).split(', ');
      assert.ok(
        addresses.some((address) => address.includes(`=${name}:3000:4000`)),
        name,
      );
      const { TOPOLOGY, HOSTS, PROCESS_ADDRESSES } = environment as Record<string, string>;
      const env = { TOPOLOGY, HOSTS, PROCESS_ADDRESSES, DISCOVERY: 'dns' } as Record<string, string>;
      const settings = await copy.run('node', ['dist/apps/monolith/src/main.js', 'config'], env);
      assert.ok(settings.startsWith(`Settings of ${name.replace('edge-core-', '')}\n`), settings);
    }
  });

  it('are matched by the accounts at brokers that are printed for any topology', async () => {
    const nats = await fissile('broker-accounts', 'nats', '--topology', 'edge-core');
    assert.match(nats, /user: "edge"\n +password: \$EDGE_BROKER_PASSWORD\n/);
    const split = await fissile('broker-accounts', 'nats');
    assert.ok(read('deploy/nats/accounts.conf').endsWith(split));
    const { users } = JSON.parse(await fissile('broker-accounts', 'rabbitmq')) as { users: object[] };
    assert.deepEqual(
      users,
      (JSON.parse(read('deploy/rabbitmq/definitions.json')) as { users: object[] }).users,
    );
    await assert.rejects(
      fissile('broker-accounts', 'nats', '--topology', 'other'),
      /there is no other; .*edge-core/,
    );
    assert.ok(read('deploy/redis/users.acl').endsWith(await fissile('broker-accounts', 'redis')));
    await assert.rejects(
      fissile('broker-accounts', 'direct'),
      /Allowed choices are nats, rabbitmq, kafka, redis/,
    );
  });

  it('make a whole Dockerfile where there is none, and no Kubernetes where none is wanted', async () => {
    await copy.run('node', ['--eval', "fs.rmSync('Dockerfile')"]);
    copy.edit('config/deployment.yaml', 'kubernetes:\n', 'kubernetes: false\nunused:\n');
    await assert.rejects(
      fissile('generate'),
      /config\/deployment\.yaml: unused: unknown; expected .*kubernetes/,
    );
    const config = read('config/deployment.yaml');
    writeFileSync(join(copy.folder, 'config/deployment.yaml'), config.slice(0, config.indexOf('unused:')));
    await fissile('generate');
    assert.deepEqual(dockerfileFaults(read('Dockerfile')), []);
    assert.deepEqual(programsOf(read('Dockerfile')), programsOf(readFileSync('Dockerfile', 'utf8')));
    assert.ok(!existsSync(join(copy.folder, 'k8s/base')));
    assert.ok(existsSync(join(copy.folder, 'k8s/README.md')), 'it is not generated');
    assert.ok('monolith' in readCompose(read('docker-compose.yml')).services);
    await assert.rejects(fissile('k8s'), /kubernetes: false/);
  });
});
