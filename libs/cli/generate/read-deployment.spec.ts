import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CommandError } from '../command-error.js';
import { generatedFiles } from './generated-files.js';
import { type PendingFiles, readDeployment } from './read-deployment.js';
import { writeGenerated } from './write-generated.js';

const PRODUCT = { 'package.json': '{ "name": "toy" }' };

/** The lines of the one message that refuses these files. */
function refusal(pending: PendingFiles, contexts: readonly string[] = ['alpha', 'beta']): string[] {
  try {
    readDeployment('/nowhere', contexts, { ...PRODUCT, ...pending });
  } catch (error) {
    assert.ok(error instanceof CommandError);
    return error.message.split('\n');
  }
  return [];
}

describe('The description of a deployment', () => {
  it('needs nothing but the name of the package', () => {
    assert.deepEqual(refusal({}), []);
    assert.match(
      refusal({ 'package.json': '{ "name": "@acme/-" }' })[0] ?? '',
      /^package\.json: name: expected/,
    );
  });

  it('is refused with all that is wrong in both files at once', () => {
    const lines = refusal({
      'config/topology.yaml': 'split:\n  gateway: [gateway, omega]\n  alpha: [alpha]\n',
      'config/deployment.yaml': `
colour: red
components:
  omega: { OMEGA_KEY: { required: true } }
  alpha:
    alphaKey: { required: true }
    ALPHA_DATABASE_URL: { secret: true }
    ALPHA_KEY: { required: true, default: x, secrett: true }
compose: { services: [redis, rabbit, jaeger], topologies: [monolith, apart] }
`,
    });
    const at = 'config/deployment.yaml';
    const services =
      'redis, rabbitmq, kafka, nats, consul, prometheus, alertmanager, postgres-exporter, otel-collector, jaeger, mailpit, grafana';
    const topology = 'config/topology.yaml: split';
    for (const expected of [
      `${topology}: gateway hosts omega, which is unknown; expected gateway, alpha, beta`,
      `${topology}: nothing hosts beta`,
      `${at}: colour: unknown; expected environment, components, compose, kubernetes`,
      `${at}: components.alpha.alphaKey: expected the name of a variable, such as SMTP_URL`,
      `${at}: components.alpha.ALPHA_DATABASE_URL: is set by what is generated`,
      `${at}: components.alpha.ALPHA_KEY: secrett: unknown; expected required, secret, default, example, description`,
      `${at}: compose.services.1: expected one of ${services}`,
      `${at}: components.omega: unknown; expected one of gateway, alpha, beta`,
      `${at}: compose.topologies.1: unknown; expected one of monolith, split`,
    ])
      assert.ok(lines.includes(expected), `${expected}\nis not in\n${lines.join('\n')}`);
  });

  it('is refused for what would contradict itself', () => {
    const of = (yaml: string) => refusal({ 'config/deployment.yaml': yaml }).join('\n');
    assert.match(
      of('components: { alpha: { KEY: { required: true, default: x } } }'),
      /KEY: required: what has/,
    );
    assert.match(
      of('compose: { services: [jaeger] }'),
      /jaeger needs otel-collector: expected both or neither/,
    );
    assert.match(of('compose: yes please'), /compose: expected false, or a map/);
    assert.match(of('kubernetes: { paths: [window] }'), /kubernetes\.paths\.0: expected a path/);
    assert.match(of('compose: ['), /config\/deployment\.yaml: not readable YAML/);
    const clash = refusal({
      'config/topology.yaml': 'split:\n  redis: [gateway, alpha, beta]\n',
      'config/deployment.yaml': 'compose: { services: [redis] }',
    });
    assert.match(clash.join(), /two services would be called redis/);
  });

  it('is refused for contexts that cannot move', () => {
    const of = (live: string, more = '', topology = 'split:\n  a: [gateway, beta]\n  alpha: [alpha]\n') =>
      refusal({
        'config/topology.yaml': topology,
        'config/deployment.yaml': `kubernetes: { ${more} live: ${live} }`,
      }).join('\n');
    const consul = 'consul: http://consul.example:8500';
    assert.equal(of(`{ ${consul}, contexts: [alpha] }`), '');
    assert.match(
      of(`{ ${consul} }`),
      /live\.contexts: beta has no process of its own, and of its name, in split/,
    );
    assert.match(
      of(`{ ${consul}, contexts: [gateway] }`),
      /contexts\.0: unknown; expected one of alpha, beta/,
    );
    assert.match(of('{ consul: consul.example }'), /live\.consul: expected an address, such as http:/);
    assert.match(
      of(`{ ${consul}, contexts: [alpha] }`, 'topologies: [monolith],'),
      /live: expected split in/,
    );
    const alsoLive =
      'split: { alpha: [alpha], rest: [gateway, beta] }\nlive: { all: [gateway, alpha, beta] }\n';
    const both = of(`{ ${consul}, contexts: [alpha] }`, 'topologies: [monolith, split, live],', alsoLive);
    assert.match(both, /a topology is called live; rename it/);
  });

  it('names the topologies that there are, when another is asked for', () => {
    const read = (kubernetesTopology: string) =>
      readDeployment('/nowhere', ['alpha'], PRODUCT, { kubernetesTopology });
    assert.throws(() => read('apart'), /^Error: --topology apart: unknown; expected one of monolith$/);
  });

  it('keeps up to date the overlays that were generated, until their topology is gone', () => {
    const root = mkdtempSync(join(tmpdir(), 'fissile-overlays-'));
    try {
      const pending = { ...PRODUCT, 'config/topology.yaml': 'pair: { edge: [gateway], core: [alpha] }' };
      const asked = readDeployment(root, ['alpha'], pending, { kubernetesTopology: 'pair' });
      writeGenerated(root, generatedFiles(asked));
      mkdirSync(join(root, 'k8s/overlays/mine'));
      assert.deepEqual(readDeployment(root, ['alpha'], pending).kubernetes?.topologies, ['monolith', 'pair']);
      assert.deepEqual(readDeployment(root, ['alpha'], PRODUCT).kubernetes?.topologies, ['monolith']);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
