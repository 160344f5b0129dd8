import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { generatedFiles } from './generated-files.js';
import { isGenerated } from './header.js';
import { readDeployment } from './read-deployment.js';

const NOWHERE = '/nowhere';
const PRODUCT = { 'package.json': '{ "name": "@acme/toy" }' };
const SPLIT = 'split:\n  beta: [beta]\n  alpha: [alpha]\n  gateway: [gateway]\n';
const EDGE_CORE = 'edge-core:\n  edge: [gateway, alpha]\n  core: { hosts: [beta], instances: 2 }\n';
const TOPOLOGY = 'config/topology.yaml';
const DEPLOYMENT = 'config/deployment.yaml';

interface Service {
  readonly image: string;
  readonly profiles: string[];
  readonly build: { readonly target: string };
  readonly depends_on: Record<string, unknown>;
  readonly environment: Record<string, string>;
}

interface Patch {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly [
          {
            readonly args?: string[];
            readonly env: readonly { readonly name: string; readonly value?: string }[];
          },
        ];
      };
    };
  };
}

/** What is generated for a product with these contexts and files. */
function generate(contexts: readonly string[], pending: Readonly<Record<string, string>> = {}) {
  const files = generatedFiles(readDeployment(NOWHERE, contexts, { ...PRODUCT, ...pending }));
  const byPath = new Map(files.map(({ path, content }) => [path, content]));
  const textOf = (path: string): string => byPath.get(path) ?? assert.fail(`there is no ${path}`);
  const patches = (path: string) => parseAllDocuments(textOf(path)).map((one) => one.toJS() as Patch);
  return {
    files,
    paths: [...byPath.keys()],
    textOf,
    services: byPath.has('docker-compose.yml')
      ? (parse(textOf('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> })
          .services
      : {},
    data: (path: string) => parse(textOf(path)) as Record<string, unknown>,
    variables: (path: string) =>
      patches(path).flatMap(({ spec }) => spec.template.spec.containers[0].env.map(({ name }) => name)),
    patches,
  };
}

describe('The files of a deployment', () => {
  it('are those of one process, where the product has no other topology', () => {
    const { services, paths, variables, patches } = generate(['alpha', 'beta']);
    assert.deepEqual(Object.keys(services), ['monolith', 'postgres']);
    const { image, environment } = services['monolith'] as Service;
    assert.equal(image, 'toy-monolith');
    for (const context of ['alpha', 'beta']) {
      const password = `${context.toUpperCase()}_DATABASE_PASSWORD`;
      const url = environment[`${context.toUpperCase()}_DATABASE_URL`] ?? '';
      assert.ok(url.startsWith(`postgres://${context}:\${${password}:?`), url);
      assert.ok(url.endsWith(`@postgres:5432/${context}`), url);
      assert.ok(password in (services['postgres'] as Service).environment);
    }
    const overlay = paths.filter((path) => path.startsWith('k8s/overlays/'));
    assert.ok(overlay.every((path) => path.startsWith('k8s/overlays/monolith/')));
    const databases = ['DATABASE_URL', 'ALPHA_DATABASE_URL', 'BETA_DATABASE_URL'];
    assert.deepEqual(variables('k8s/overlays/monolith/secrets.yaml'), ['INTERNAL_AUTH_KEY', ...databases]);
    assert.deepEqual(
      patches('k8s/overlays/monolith/migrate.yaml')[0]?.spec.template.spec.containers[0].args,
      ['node', 'dist/apps/monolith/src/main.js', 'migrate'],
    );
  });

  it('have a service and an overlay of its own for each process of the split, in the order of the contexts', () => {
    const { services, data, textOf, variables } = generate(['alpha', 'beta'], { [TOPOLOGY]: SPLIT });
    assert.deepEqual(Object.keys(services), ['monolith', 'gateway', 'alpha', 'beta', 'postgres']);
    const addresses = 'gateway=gateway:3000:4000, alpha=alpha:3000:4000, beta=beta:3000:4000';
    for (const name of ['gateway', 'alpha', 'beta']) {
      const { environment, build, profiles } = services[name] as Service;
      assert.deepEqual([environment['TOPOLOGY'], environment['PROCESS_ADDRESSES']], ['split', addresses]);
      assert.deepEqual([build.target, profiles], [name, ['split']]);
      assert.equal(environment['HOSTS'], undefined);
      const databases = Object.keys(environment).filter((key) => key.endsWith('_DATABASE_URL'));
      assert.deepEqual(databases, name === 'gateway' ? [] : [`${name.toUpperCase()}_DATABASE_URL`]);
    }
    assert.deepEqual(Object.keys(services['gateway']?.depends_on ?? {}), ['alpha', 'beta']);
    assert.deepEqual(data('k8s/overlays/split/kustomization.yaml')['bases'], ['gateway', 'alpha', 'beta']);
    assert.deepEqual(variables('k8s/overlays/split/beta/secrets.yaml'), [
      'INTERNAL_AUTH_KEY',
      'RABBITMQ_URL',
      'NATS_URL',
      'REDIS_URL',
      'KAFKA_SASL_USERNAME',
      'KAFKA_SASL_PASSWORD',
      'DATABASE_URL',
      'BETA_DATABASE_URL',
    ]);
    assert.match(
      textOf('k8s/overlays/split/settings.yaml'),
      /gateway=toy-gateway:3000:4000, alpha=toy-alpha/,
    );
    assert.match(textOf('deploy/postgres/create-databases.sh'), /^for context in alpha beta; do$/m);
  });

  it('run a process that hosts several components from the image of the monolith, by HOSTS', () => {
    const { services, data, patches, textOf } = generate(['alpha', 'beta'], {
      [TOPOLOGY]: EDGE_CORE,
      [DEPLOYMENT]: 'compose: { topologies: [edge-core] }\nkubernetes: { topologies: [edge-core] }\n',
    });
    const edge = services['edge-core-edge'] as Service;
    assert.deepEqual([edge.image, edge.environment['HOSTS']], ['toy-monolith', 'gateway,alpha']);
    assert.ok('ALPHA_DATABASE_URL' in edge.environment && !('BETA_DATABASE_URL' in edge.environment));
    const core = services['edge-core-core'] as Service;
    assert.deepEqual([core.image, core.environment['HOSTS']], ['toy-beta', undefined]);
    assert.equal(
      core.environment['PROCESS_ADDRESSES'],
      'edge=edge-core-edge:3000:4000, core=edge-core-core:3000:4000',
    );
    const folder = 'k8s/overlays/edge-core';
    for (const { spec } of patches(`${folder}/edge/hosts.yaml`)) {
      assert.deepEqual(spec.template.spec.containers[0].env, [{ name: 'HOSTS', value: 'gateway,alpha' }]);
    }
    assert.deepEqual(data(`${folder}/edge/kustomization.yaml`)['images'], [
      { name: 'toy', newName: 'toy-monolith', newTag: '0.1' },
    ]);
    // Calls choose among all replicas, clients have one address.
    assert.match(textOf(`${folder}/ingress.yaml`), /name: toy-clients-edge\n/);
    assert.deepEqual(data(`${folder}/edge/kustomization.yaml`)['resources'], ['clients.yaml']);
    assert.match(textOf(`${folder}/network-policy.yaml`), /app\.kubernetes\.io\/name: edge\n/);
  });

  it('give a component its own environment wherever it is hosted, and no other', () => {
    const { services, variables, textOf } = generate(['alpha', 'beta'], {
      [TOPOLOGY]: SPLIT,
      [DEPLOYMENT]: `
environment:
  REGION: { default: north }
components:
  alpha:
    ALPHA_KEY: { required: true, secret: true, description: Signs letters. }
    ALPHA_MODE: { default: "it's $5: # here" }
    ALPHA_PROXY:
    REGION: { default: south, secret: true }
`,
    });
    for (const name of ['monolith', 'alpha']) {
      const { environment } = services[name] as Service;
      const required = '${ALPHA_KEY:?set ALPHA_KEY in .env, see deploy/compose.env.example}';
      assert.equal(environment['ALPHA_KEY'], required);
      assert.equal(environment['ALPHA_MODE'], "${ALPHA_MODE-it's $$5: # here}");
      assert.equal(environment['ALPHA_PROXY'], '${ALPHA_PROXY-}');
    }
    assert.equal(services['alpha']?.environment['REGION'], '${REGION-south}');
    assert.ok(!('ALPHA_KEY' in (services['beta'] as Service).environment));
    assert.equal(services['beta']?.environment['REGION'], '${REGION-north}');
    const databases = ['DATABASE_URL', 'ALPHA_DATABASE_URL'];
    assert.deepEqual(variables('k8s/overlays/split/alpha/secrets.yaml'), [
      'INTERNAL_AUTH_KEY',
      'RABBITMQ_URL',
      'NATS_URL',
      'REDIS_URL',
      'KAFKA_SASL_USERNAME',
      'KAFKA_SASL_PASSWORD',
      ...databases,
      'ALPHA_KEY',
      'REGION',
    ]);
    assert.deepEqual(variables('k8s/overlays/split/alpha/migrate.yaml'), databases);
    assert.match(textOf('deploy/compose.env.example'), /\n# Signs letters\.\nALPHA_KEY=\n/);
    assert.match(textOf('deploy/compose.env.example'), /\n# REGION=north\n/);
  });

  it('name in the example of .env all that Compose requires', () => {
    const all =
      '[redis, rabbitmq, kafka, nats, consul, prometheus, otel-collector, jaeger, mailpit, grafana]';
    const { textOf } = generate(['alpha'], {
      [TOPOLOGY]: 'split: { gateway: [gateway], alpha: [alpha] }',
      [DEPLOYMENT]: `compose: { services: ${all} }\ncomponents: { alpha: { ALPHA_KEY: { required: true } } }\n`,
    });
    const required = [...textOf('docker-compose.yml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    const named = [...textOf('deploy/compose.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    assert.deepEqual(named.sort(), [...new Set(required)].sort());
  });
});

describe('The choices of a product', () => {
  it('leave out what it does not want: brokers, Kubernetes, Compose', () => {
    const without = generate(['alpha', 'beta'], {
      [TOPOLOGY]: SPLIT,
      [DEPLOYMENT]: 'kubernetes: false\ncompose: { services: [nats] }\n',
    });
    assert.deepEqual(
      without.paths.filter((path) => /^k8s|prometheus|otel|grafana/.test(path)),
      [],
    );
    assert.ok(without.paths.includes('deploy/nats/nats.conf'));
    const { environment, depends_on: needs } = without.services['alpha'] as Service;
    assert.deepEqual(Object.keys(needs).sort(), ['nats', 'postgres']);
    assert.ok(environment['NATS_URL'] && !environment['REDIS_URL'] && !environment['KAFKA_BROKERS']);
    assert.doesNotMatch(without.textOf('docker-compose.yml'), /redis|rabbitmq|kafka|consul/);
    const { paths } = generate(['alpha'], { [DEPLOYMENT]: 'compose: false' });
    assert.deepEqual(
      paths.filter((path) => path === 'docker-compose.yml' || path.startsWith('deploy/')),
      [],
    );
  });

  it('are in the settings and the paths of every overlay', () => {
    const { data, textOf } = generate(['alpha'], {
      [DEPLOYMENT]: `
kubernetes:
  host: toy.example
  paths: [/window, { path: /key.json, exact: true }]
  settings: { TRUST_PROXY: 10.0.0.0/8 }
`,
    });
    const settings = data('k8s/overlays/monolith/settings.yaml')['data'];
    // Without Redis beside it, the product has nothing to count requests together in.
    const expected = { TOPOLOGY: 'monolith', MIGRATE_AT_START: 'false', TRUST_PROXY: '10.0.0.0/8' };
    assert.deepEqual(settings, expected);
    const ingress = textOf('k8s/overlays/monolith/ingress.yaml');
    assert.match(ingress, /path: \/key\.json\n\s+pathType: Exact/);
    assert.match(ingress, /path: \/window\n\s+pathType: Prefix/);
    assert.match(ingress, /- host: toy\.example\n/);
  });

  it('have an overlay for the contexts that are to move, all of them or those that are named', () => {
    const live = (more: string) =>
      generate(['alpha', 'beta'], {
        [TOPOLOGY]: SPLIT,
        [DEPLOYMENT]: `kubernetes: { live: { consul: 'http://consul.example:8500'${more} } }`,
      }).data('k8s/overlays/live/kustomization.yaml')['bases'];
    assert.deepEqual(live(''), ['../monolith', '../split/alpha', '../split/beta']);
    assert.deepEqual(live(', contexts: [beta]'), ['../monolith', '../split/beta']);
  });

  it('keep the part of Dockerfile and nest-cli.json that is the user’s', () => {
    const whole = generate(['alpha']).textOf('Dockerfile');
    const own = whole.replace('FROM debian', '# Fonts are needed here.\nFROM debian');
    const { textOf } = generate(['alpha', 'beta'], {
      Dockerfile: own,
      'nest-cli.json':
        '{ "entryFile": "mine", "generateOptions": { "spec": false }, "projects": { "gone": {} } }',
    });
    assert.match(textOf('Dockerfile'), /# Fonts are needed here\.\nFROM debian/);
    const targets = [...textOf('Dockerfile').matchAll(/^FROM runtime AS (\w+)$/gm)].map(([, name]) => name);
    assert.deepEqual(targets, ['gateway', 'alpha', 'beta', 'monolith']);
    const nest = JSON.parse(textOf('nest-cli.json')) as Record<string, object>;
    assert.deepEqual([nest['entryFile'], nest['generateOptions']], ['mine', { spec: false }]);
    assert.deepEqual(Object.keys(nest['projects'] ?? {}), ['monolith', 'gateway', 'alpha', 'beta']);
    const { paths } = generate(['alpha'], { Dockerfile: 'FROM scratch AS runtime\n' });
    assert.ok(!paths.includes('Dockerfile'), 'without the line it is the user’s');
    assert.match(generate(['alpha']).textOf('.dockerignore'), /\n\*\n!package\.json\n/);
    assert.ok(!generate(['alpha'], { '.dockerignore': '*\n' }).paths.includes('.dockerignore'));
  });
});

describe('A first Dockerfile', () => {
  it('is recorded above its targets, for fissile upgrade, and a later one is not', () => {
    const record = '.fissile/templates.json';
    const pending = { [record]: JSON.stringify({ kit: '1.0.0', answers: {}, files: { a: 'text' } }) };
    const { textOf } = generate(['alpha'], pending);
    const { files } = JSON.parse(textOf(record)) as { files: Record<string, string> };
    assert.equal(files['a'], 'text');
    assert.ok(textOf('Dockerfile').startsWith(`${files['Dockerfile']}# Generated by`));
    assert.ok(!generate(['alpha'], { ...pending, Dockerfile: textOf('Dockerfile') }).paths.includes(record));
  });

  it('has what an installation needs: packages that stand in the product too', () => {
    const { textOf } = generate(['alpha'], {
      'package.json':
        '{ "name": "toy", "dependencies": { "a": "file:vendor/a-1.tgz", "b": "file:../b", "c": "^1.0.0" } }',
    });
    assert.equal(textOf('Dockerfile').match(/^COPY vendor vendor\/\nRUN npm ci|^COPY vendor/gm)?.length, 2);
    assert.match(textOf('.dockerignore'), /^!vendor$/m);
    assert.doesNotMatch(generate(['alpha']).textOf('Dockerfile'), /vendor/);
  });
});

describe('Every generated file', () => {
  it('says that it is one, is readable, and is there once', () => {
    const { files, paths } = generate(['alpha', 'beta'], { [TOPOLOGY]: SPLIT + EDGE_CORE });
    assert.equal(new Set(paths).size, paths.length);
    for (const { path, content } of files) {
      assert.ok(content.endsWith('\n') && !content.endsWith('\n\n'), path);
      if (path.endsWith('.json') || path === 'Dockerfile') continue;
      assert.ok(isGenerated(path, content), path);
      if (!/\.ya?ml$/.test(path)) continue;
      for (const document of parseAllDocuments(content)) assert.deepEqual(document.errors, [], path);
    }
  });

  it('follows from the names of the contexts: a new one changes nothing of the others', () => {
    const before = generate(['alpha'], { [TOPOLOGY]: 'split: { gateway: [gateway], alpha: [alpha] }' });
    const after = generate(['alpha', 'beta'], { [TOPOLOGY]: SPLIT });
    const added = after.paths.filter((path) => !before.paths.includes(path));
    assert.deepEqual(
      added.sort(),
      ['kustomization', 'migrate', 'secrets'].map((file) => `k8s/overlays/split/beta/${file}.yaml`),
    );
    for (const path of before.paths.filter((each) => each.includes('/alpha/'))) {
      assert.equal(after.textOf(path), before.textOf(path));
    }
  });
});
