import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { chownSync, copyFileSync, chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, it, mock } from 'node:test';
import { createServer } from 'node:tls';
import { readFileSync } from 'node:fs';
import { CancellationToken } from '@fissile/kit/async';
import { ConsulClient, consulAccessOf, ConsulSettings, loadSettings, settingsOf } from '@fissile/kit/config';
import {
  DatabaseServer,
  DatabaseSettings,
  migrateContext,
  startEmbeddedPostgres,
} from '@fissile/kit/database';
import { type RpcTransport, transportOf, TransportSettings } from '@fissile/kit/rpc';
import {
  brokerUrl,
  ConsulAgent,
  freePort,
  makeTestCertificates,
  queryServer,
  startBroker,
  type TestCertificates,
  until,
} from '@fissile/kit/testing';
import type { Broker } from './buses/broker.js';
import { BrokerEventBus } from './buses/broker-event-bus.js';
import { brokerOf } from './buses/brokers.js';
import { LocalEventBus } from './buses/local-event-bus.js';
import { MessagingSettings } from './messaging.settings.js';
import { defineProduct } from '@fissile/kit/contract';

/** Which files the settings of a connection name. */
type Given = 'all' | 'no authority' | 'no certificate';

const PARTS = { CA: 'ca', CERT: 'cert', KEY: 'key' } as const;

describe('Connections by TLS', () => {
  let certificates: TestCertificates;
  let logged: string[] = [];
  const cleanUps: (() => unknown)[] = [];

  before(() => {
    certificates = makeTestCertificates();
  });

  after(() => certificates.remove());

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
    mock.restoreAll();
  });

  /** Settings as an environment gives them, in a folder without any others. */
  function settingsWith(name: string, given: Given, more: Record<string, string>) {
    const files = Object.entries(PARTS).filter(
      ([part]) => given === 'all' || (given === 'no authority' ? part !== 'CA' : part === 'CA'),
    );
    const environment = Object.fromEntries(
      files.map(([part, file]) => [`${name}_TLS_${part}_FILE`, certificates[file]]),
    );
    return loadSettings({ cwd: tmpdir(), readsYaml: false, environment: { ...environment, ...more } });
  }

  function collectLog(): void {
    logged = [];
    for (const level of ['error', 'warn'] as const)
      mock.method(Logger.prototype, level, (line: unknown) => void logged.push(String(line)));
  }

  it('are refused at the start with the name of the setting when a file is not there, or a certificate lacks its key', () => {
    const load = (environment: Record<string, string>) => () =>
      loadSettings({ cwd: tmpdir(), readsYaml: false, environment });
    for (const name of ['DATABASE', 'REDIS', 'NATS', 'RABBITMQ', 'KAFKA', 'CONSUL', 'INTERNAL']) {
      const missing = { [`${name}_TLS_CA_FILE`]: '/nowhere/ca.pem' };
      assert.throws(
        load(missing),
        new RegExp(`${name}_TLS_CA_FILE .*expected the path of a file that can be read`),
      );
      const keyless = { [`${name}_TLS_CERT_FILE`]: certificates.cert };
      assert.throws(load(keyless), new RegExp(`${name}_TLS_KEY_FILE \\(not set\\): needed`));
    }
  });

  describe('to PostgreSQL', () => {
    let dataDir: string;
    let url: string;
    let stop: () => Promise<void>;

    before(async () => {
      dataDir = mkdtempSync(join(tmpdir(), 'fissile-tls-'));
      const server = await startEmbeddedPostgres({ dataDir });
      ({ url, stop } = server);
      await secure(url, certificates);
    });

    after(async () => {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    });

    async function open(host: string, given: Given): Promise<void> {
      const address = new URL(url);
      address.hostname = host;
      const loaded = settingsWith('DATABASE', given, { DATABASE_URL: address.href });
      const server = await DatabaseServer.open(settingsOf(DatabaseSettings, loaded), new Map(), ['alpha']);
      await migrateContext(server, 'alpha');
    }

    it('are made with its authority, and refused without it, for another name, or without a client certificate', async () => {
      await open('localhost', 'all');
      await assert.rejects(open('localhost', 'no authority'), /DATABASE_TLS_CA_FILE has to name/);
      await assert.rejects(open('127.0.0.1', 'all'), /certificate is for another name/);
      await assert.rejects(open('localhost', 'no certificate'), /client certificate.*DATABASE_TLS_CERT_FILE/);
    });
  });

  for (const [name, setting, scheme, transport] of [
    ['redis', 'REDIS', 'rediss', 'redis'],
    ['nats', 'NATS', 'tls', 'nats'],
    ['rabbitmq', 'RABBITMQ', 'amqps', 'rmq'],
  ] as const) {
    const skip = brokerUrl(name) === undefined;

    describe(`to ${name}`, { skip }, () => {
      let port: number;
      let stop: () => Promise<void>;

      before(async () => {
        const broker = await startBroker(name, { tls: certificates });
        port = Number(new URL(broker.url).port);
        stop = () => broker.stop();
      });

      after(() => stop());

      const settingsFor = (host: string, given: Given) => {
        const user = name === 'rabbitmq' ? 'guest:guest@' : '';
        return settingsWith(setting, given, {
          [`${setting}_URL`]: `${scheme}://${user}${host}:${port}`,
          TRANSPORT: transport,
        });
      };

      it('carry calls with its authority', async () => {
        const loaded = settingsFor('localhost', 'all');
        const answer = await callOver(await transportOf(settingsOf(TransportSettings, loaded)), 0, cleanUps);
        assert.equal(answer, 'hello');
      });

      for (const [host, given, message] of [
        ['localhost', 'no authority', new RegExp(`${setting}_TLS_CA_FILE has to name`)],
        ['127.0.0.1', 'all', /certificate is for another name/],
      ] as const) {
        it(`are refused with ${given === 'all' ? 'another name' : given}, and the log says what to do`, async () => {
          collectLog();
          const over = await transportOf(settingsOf(TransportSettings, settingsFor(host, given)));
          const client = over.connect({ address: '', port: 0, context: 'alpha' }, []);
          cleanUps.push(() => client.close());
          void call(client).catch(() => undefined);
          await until('it is logged', () => logged.some((line) => message.test(line)));
        });
      }

      if (name === 'redis') return;

      it('carry events with its authority, and not without it', async () => {
        collectLog();
        const bus = async (given: Given): Promise<BrokerEventBus> => {
          const loaded = settingsFor('localhost', given);
          const broker: Broker = await brokerOf(
            name,
            {
              transport: settingsOf(TransportSettings, loaded),
              messaging: settingsOf(MessagingSettings, loaded),
            },
            {
              product: defineProduct({ name: 'TLS', description: 'a test', contexts: [] }),
              process: 'tls',
            },
          );
          const made = new BrokerEventBus(broker, new LocalEventBus());
          cleanUps.push(() => made.onModuleDestroy());
          made.onApplicationBootstrap();
          return made;
        };
        const good = await bus('all');
        await until('it is connected', () => good.isConnected);
        const bad = await bus('no authority');
        const said = new RegExp(`${name} cannot be used yet: .*${setting}_TLS_CA_FILE has to name`);
        await until('it is logged', () => logged.some((line) => said.test(line)));
        assert.equal(bad.isConnected, false);
      });
    });
  }

  for (const transport of ['grpc', 'tcp'] as const) {
    it(`between processes over ${transport} are made by both sides' certificates, also by renewed ones, and refused otherwise`, async () => {
      collectLog();
      const port = await freePort();
      const over = async (given: Given) => {
        const loaded = settingsWith('INTERNAL', given, { TRANSPORT: transport });
        return transportOf(settingsOf(TransportSettings, loaded));
      };
      const secured = await over('all');
      assert.equal(await callOver(secured, port, cleanUps), 'hello');

      const stranger = { ca: certificates.otherCa, cert: certificates.cert, key: certificates.key };
      const loaded = loadSettings({
        cwd: tmpdir(),
        readsYaml: false,
        environment: {
          TRANSPORT: transport,
          INTERNAL_TLS_CA_FILE: stranger.ca,
          INTERNAL_TLS_CERT_FILE: stranger.cert,
          INTERNAL_TLS_KEY_FILE: stranger.key,
        },
      });
      const distrusting = await transportOf(settingsOf(TransportSettings, loaded));
      await assert.rejects(callAt(distrusting, 'localhost', port, cleanUps), { code: 'unavailable' });
      assert.ok(
        logged.some((line) => /INTERNAL_TLS_CA_FILE has to name/.test(line)),
        logged.join('\n'),
      );
      await assert.rejects(callAt(secured, '127.0.0.1', port, cleanUps), { code: 'unavailable' });
      const plain = await transportOf(
        settingsOf(TransportSettings, settingsWith('NOBODY', 'no certificate', { TRANSPORT: transport })),
      );
      await assert.rejects(callAt(plain, 'localhost', port, cleanUps));

      certificates.renew();
      const fingerprint = (): Promise<string> => peerOf(port, certificates);
      const wanted = readFileSync(certificates.cert, 'utf8').replaceAll(/\s/g, '');
      await until('the server shows the new certificate', async () => wanted.includes(await fingerprint()));
      assert.equal(await callAt(secured, 'localhost', port, cleanUps), 'hello');
    });
  }

  for (const calls of ['stream', 'unary'] as const) {
    for (const [what, message] of [
      ['another authority', /INTERNAL_TLS_CA_FILE has to name a file/],
      ['a certificate of another authority', /the server does not trust the certificate of this process/],
      ['a certificate that has expired', /the certificate of this process has expired/],
      ['a server whose certificate has expired', /the server's certificate has expired/],
    ] as const) {
      it(`over gRPC are refused with ${what}, and one line says so (GRPC_CALLS=${calls})`, async () => {
        collectLog();
        const theirs = makeTestCertificates();
        const mine = makeTestCertificates();
        cleanUps.push(
          () => theirs.remove(),
          () => mine.remove(),
        );
        const server = { ca: theirs.ca, cert: theirs.cert, key: theirs.key };
        const client = { ...server };
        if (what === 'another authority') client.ca = theirs.otherCa;
        else if (what === 'a server whose certificate has expired') theirs.expire();
        else Object.assign(client, { cert: mine.cert, key: mine.key });
        if (what === 'a certificate that has expired') {
          mine.expire();
          server.ca = mine.ca;
        }
        const over = (files: typeof server) =>
          transportOf(
            settingsOf(
              TransportSettings,
              loadSettings({
                cwd: tmpdir(),
                readsYaml: false,
                environment: {
                  TRANSPORT: 'grpc',
                  GRPC_CALLS: calls,
                  INTERNAL_TLS_CA_FILE: files.ca,
                  INTERNAL_TLS_CERT_FILE: files.cert,
                  INTERNAL_TLS_KEY_FILE: files.key,
                },
              }),
            ),
          );
        const port = await freePort();
        const serving = { host: '127.0.0.1', port, contexts: ['alpha'], services: [SERVICE] };
        const running = (await over(server)).serve(serving, async ({ body }) => body);
        await running.listen();
        cleanUps.push(() => running.close());
        const caller = (await over(client)).connect({ address: 'localhost', port, context: 'alpha' }, [
          SERVICE,
        ]);
        cleanUps.push(() => caller.close());
        await assert.rejects(call(caller));
        await until('it is logged', () => logged.some((line) => message.test(line)));
        await assert.rejects(call(caller));
        assert.equal(logged.length, 1, logged.join('\n'));
      });
    }
  }

  it('to Consul are made with its authority, and refused without it or for another name', async () => {
    const agent = await ConsulAgent.start();
    cleanUps.push(() => agent.stop());
    const port = await securePort(Number(new URL(agent.url).port), certificates, cleanUps);
    const ask = async (host: string, given: Given) => {
      const loaded = settingsWith('CONSUL', given, { CONSUL_URL: `https://${host}:${port}` });
      const access = consulAccessOf(settingsOf(ConsulSettings, loaded));
      assert.ok(access);
      const client = new ConsulClient(access);
      // A client gives up after three seconds, which a machine that runs many tests may need.
      const outcome = await until('it is answered or refused', async () => {
        const [asked] = await Promise.allSettled([client.ask('/v1/kv/nothing')]);
        const isLate = asked.status === 'rejected' && /no answer in time/.test(String(asked.reason));
        return isLate ? undefined : asked;
      });
      if (outcome.status === 'rejected') throw outcome.reason as Error;
      return outcome.value;
    };
    assert.equal((await ask('localhost', 'all')).body, undefined);
    await assert.rejects(ask('localhost', 'no authority'), /CONSUL_TLS_CA_FILE has to name/);
    await assert.rejects(ask('127.0.0.1', 'all'), /certificate is for another name/);
  });
});

type Client = ReturnType<RpcTransport['connect']>;

const SERVICE = {
  name: 'Alpha',
  fullName: 'alpha.v1.Alpha',
  methods: ['Echo'],
};

async function call(client: Client): Promise<string> {
  const answer = await client.call({
    context: 'alpha',
    service: SERVICE.fullName,
    method: 'Echo',
    isIdempotent: false,
    body: Buffer.from('hello'),
    metadata: {},
    timeoutMs: 10_000,
    cancellation: new CancellationToken(),
  });
  return Buffer.from(answer).toString();
}

/** Serves one call, and makes it. */
async function callOver(transport: RpcTransport, port: number, cleanUps: (() => unknown)[]): Promise<string> {
  const serving = { host: '127.0.0.1', port, contexts: ['alpha'], services: [SERVICE] };
  const server = transport.serve(serving, async ({ body }) => body);
  await server.listen();
  cleanUps.push(() => server.close());
  return callAt(transport, 'localhost', port, cleanUps);
}

function callAt(
  transport: RpcTransport,
  address: string,
  port: number,
  cleanUps: (() => unknown)[],
): Promise<string> {
  const client = transport.connect({ address, port, context: 'alpha' }, [SERVICE]);
  cleanUps.push(() => client.close());
  return call(client);
}

/** A port that takes TLS from clients with a certificate, in front of one that does not. */
async function securePort(
  behind: number,
  { ca, cert, key }: TestCertificates,
  cleanUps: (() => unknown)[],
): Promise<number> {
  const files = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
  const server = createServer({ ...files, requestCert: true, rejectUnauthorized: true }, (socket) => {
    const inner = connect(behind, '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    for (const end of [socket, inner])
      end.on('error', () => [socket, inner].forEach((side) => side.destroy()));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** The certificate that a server shows now, in base64. */
async function peerOf(port: number, { ca, cert, key }: TestCertificates): Promise<string> {
  const { connect: connectTls } = await import('node:tls');
  return new Promise((resolve, reject) => {
    const files = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
    const socket = connectTls(
      { port, host: '127.0.0.1', servername: 'localhost', ...files, ALPNProtocols: ['h2'] },
      () => {
        resolve(socket.getPeerCertificate().raw.toString('base64'));
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}

/** Has a running PostgreSQL take connections by TLS alone, of clients with a certificate. */
async function secure(url: string, { ca, cert, key }: TestCertificates): Promise<void> {
  const ask = (sql: string) => queryServer<Record<string, string>>(url, sql);
  const [{ hba_file: hba } = {}] = await ask('SHOW hba_file');
  assert.ok(hba);
  const folder = dirname(hba);
  const { uid, gid } = statSync(hba);
  for (const [name, from] of Object.entries({ 'tls-ca.pem': ca, 'tls.pem': cert, 'tls.key': key })) {
    const path = join(folder, name);
    copyFileSync(from, path);
    chmodSync(path, 0o600);
    chownSync(path, uid, gid);
  }
  await ask(`ALTER SYSTEM SET ssl_ca_file = 'tls-ca.pem'`);
  await ask(`ALTER SYSTEM SET ssl_cert_file = 'tls.pem'`);
  await ask(`ALTER SYSTEM SET ssl_key_file = 'tls.key'`);
  await ask('ALTER SYSTEM SET ssl = on');
  const method = /scram-sha-256|trust|md5|password/.exec(
    readFileSync(hba, 'utf8').replaceAll(/#.*/g, ''),
  )?.[0];
  writeFileSync(hba, `hostssl all all all ${method} clientcert=verify-ca\n`);
  await ask('SELECT pg_reload_conf()');
  await until('it takes TLS alone', () =>
    ask('SELECT 1').then(
      () => false,
      () => true,
    ),
  );
}
