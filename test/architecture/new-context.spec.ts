import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ProjectCopy } from '../harness/project-copy.js';
import { startTestServer, type TestServer } from '@fissile/kit/testing';

const COMPILED = ['dist/.tsbuildinfo', 'libs/dist', 'packages/client/dist'].concat(
  ['apps', 'contracts', 'tools', 'test', 'bench'].map((folder) => `dist/${folder}`),
);

/** The clinic shows that what is made works in one process and split; here it joins a product that exists. */
describe('A new context, made by npm run new', () => {
  let copy: ProjectCopy;
  let server: TestServer;
  let placed: string[];

  const generate = (...parameters: string[]) =>
    copy.run('node', [resolve('libs/dist/cli/main.js'), 'new', ...parameters]);
  const topologies = (folder: string) =>
    readFileSync(join(folder, 'config/topology.yaml'), 'utf8').split('\n');

  before(async () => {
    server = await startTestServer();
    copy = new ProjectCopy(undefined, COMPILED);
    // The shop's allows for a few contexts more.
    copy.edit('config/deployment.yaml', 'maxConnections: 1000', 'maxConnections: 2000');
    await generate('context', 'returns');
    placed = topologies(copy.folder).filter((line) => !topologies('.').includes(line));
    await generate('saga', 'returns', 'take-back');
    await generate('event', 'returns.arrived', '--handled-by', 'orders,notifications');
    // However the formatter has laid out the lists before.
    for (const context of ['appointments', 'patients', 'billing:invoice']) await generate('context', context);
    await generate('context', 'articles', 'leaflets', '--access', 'public');
    await generate('context', 'wards', '--access', 'admin');
    await copy.run('tsc', ['-b', 'packages/client', 'tsconfig.json']);
    // What accounts at brokers may do follows from what is compiled, and nothing else does.
    const changes = await copy.run('node', ['libs/dist/cli/main.js', 'generate']);
    assert.deepEqual(changes.trim().split('\n').sort(), [
      'changed deploy/nats/accounts.conf',
      'changed deploy/rabbitmq/definitions.json',
      'changed deploy/redis/users.acl',
    ]);
    await copy.run('node', ['tools/build/bundle.ts']);
  });

  after(async () => {
    copy.remove();
    await server.stop();
  });

  it('is well formed, and keeps the boundaries and the rules of contracts', async () => {
    const made = ['apps/returns', 'contracts', 'test/scenarios/returns.spec.ts', 'config', 'nest-cli.json'];
    await copy.run('prettier', ['--check', ...made, 'apps/monolith']);
    await copy.run('oxlint', [
      ...['returns', 'orders', 'notifications'].map((context) => `apps/${context}`),
      'contracts',
      'test/scenarios/returns.spec.ts',
    ]);
    await copy.run('depcruise', ['--config', '.dependency-cruiser.cjs', 'apps', 'contracts', 'libs']);
    await copy.run('buf', ['lint']);
    await copy.run('buf', ['breaking', '--against', 'contracts/baseline.binpb']);
  });

  it('is in the images, in Compose, on Kubernetes and among what Prometheus reads', async () => {
    const tests = ['dist/test/deploy/deploy.spec.js', 'dist/test/operate/dashboards.spec.js'];
    await copy.run('node', ['--test', ...tests]);
    await copy.run('node', ['libs/dist/cli/main.js', 'generate', '--check']);
  });

  it('passes its own tests beside the contexts of the shop', async () => {
    const tests = [
      'dist/apps/returns/src/domain/return.spec.js',
      'dist/apps/returns/src/sagas/take-back.saga.spec.js',
      'dist/test/scenarios/returns.spec.js',
      'dist/test/scenarios/articles.spec.js',
    ];
    await copy.run('node', ['--test', ...tests], { TEST_DATABASE_URL: server.url });
  });

  it('has a place in every topology, and leaves the rest of the file as it was', () => {
    assert.deepEqual(placed, [
      '  returns: [returns]',
      '  core: [returns, orders, inventory, payments, notifications]',
      '  order-path: [returns, orders, inventory, payments]',
    ]);
  });

  it('is refused when it exists, or its name is invalid', async () => {
    await assert.rejects(
      generate('context', 'returns'),
      /returns: exists already, as a context of the product/,
    );
    await assert.rejects(generate('context', 'Returns'), /Returns: expected 3 to 30 small letters/);
    await assert.rejects(generate('thing'), /unknown command 'thing'/);
  });
});
