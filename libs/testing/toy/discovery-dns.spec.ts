import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../brokers.js';
import { sendRequest } from '../product/send-request.js';
import { Program } from '../program.js';
import { dropDatabases, startTestServer, type TestServer } from '../test-database.js';
import { until } from '../until.js';
import { NameServer } from './name-server.js';
import { TOY_MAIN, ToyFolder } from './running-toy.js';

const BETA = 'beta.toy.example';
/** Nobody is there; it is only asked for. */
const ALPHA = 'alpha.toy.example';

/** The gateway in one process, and instances of beta on other addresses of this machine, which it finds by a name server. */
describe('Instances that a name server knows', () => {
  const prefix = `dns${randomBytes(4).toString('hex')}`;
  const folder = new ToyFolder();
  const nameServer = new NameServer();
  const programs: Program[] = [];
  let server: TestServer;
  let env: Record<string, string>;
  let betaPort: number;
  let url: string;

  before(async () => {
    server = await startTestServer();
    const DISCOVERY_DNS_SERVERS = await nameServer.start();
    const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const [http, rpc, betaHttp, betaRpc] = ports;
    betaPort = betaHttp;
    env = {
      TOPOLOGY: 'split',
      PROCESS_ADDRESSES: [
        `gateway=127.0.0.1:${http}:${rpc}`,
        `alpha=${ALPHA}:1:1`,
        `beta=${BETA}:${betaHttp}:${betaRpc}`,
      ].join(','),
      DATABASE_URL: server.url,
      DATABASE_NAME_PREFIX: prefix,
      DATA_DIR: folder.path,
      INTERNAL_AUTH_SECRET: 'the-secret-of-the-toy-of-this-test-alone',
      THROTTLE_ENABLED: 'false',
      DISCOVERY: 'dns',
      DISCOVERY_DNS_SERVERS,
      DISCOVERY_DNS_EVERY_MS: '100',
    };
    nameServer.set(ALPHA, ['127.0.0.9']);
    nameServer.set(BETA, ['127.0.0.2']);
    await start({ HOSTS: 'beta', HOST: '127.0.0.2' });
    url = await start({ HOSTS: 'gateway' });
  });

  after(async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
    await nameServer.stop();
    await dropDatabases(server.url, prefix);
    await server.stop();
    folder.remove();
  });

  function start(settings: Readonly<Record<string, string>>): Promise<string> {
    const program = new Program(TOY_MAIN, { ...env, ...settings }, { cwd: folder.path });
    programs.push(program);
    return program.listens();
  }

  /** One request that beta answers. */
  const ask = async () => {
    const path = `/api/beta/slots/${randomUUID()}`;
    const { status, body } = await sendRequest(url, 'PUT', path, { body: { capacity: 1 } });
    assert.equal(status, 200, JSON.stringify(body));
  };
  const metricsOf = async (at: string) => (await fetch(`${at}/metrics`)).text();
  /** How many requests an instance of beta has answered. */
  const answeredBy = async (address: string) => {
    const text = await metricsOf(`http://${address}:${betaPort}`);
    const counts = [...text.matchAll(/^http_requests_total\{.*endpoint="\/api\/beta.*\} (\d+)$/gm)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const gatewayShows = (what: string, line: RegExp) =>
    until(what, async () => line.test(await metricsOf(url)));
  const areKnown = (count: number) =>
    gatewayShows(
      `${count} are known`,
      new RegExp(`^discovery_instances\\{(?=.*context="beta")(?=.*state="known").*\\} ${count}$`, 'm'),
    );

  it('get calls as soon as it names them', async () => {
    await ask();
    assert.equal(await answeredBy('127.0.0.2'), 1);
    await start({ HOSTS: 'beta', HOST: '127.0.0.3' });
    nameServer.set(BETA, ['127.0.0.2', '127.0.0.3']);
    await areKnown(2);
    for (let sent = 0; sent < 20; sent += 1) await ask();
    assert.ok((await answeredBy('127.0.0.3')) > 0);
  });

  it('get none any more when it has forgotten them', async () => {
    nameServer.set(BETA, ['127.0.0.3']);
    await areKnown(1);
    const before = await answeredBy('127.0.0.2');
    for (let sent = 0; sent < 20; sent += 1) await ask();
    assert.equal(await answeredBy('127.0.0.2'), before);
  });

  for (const fault of ['NXDOMAIN', 'SERVFAIL', 'silence'] as const) {
    it(`are used as last known while it answers with ${fault}, and looked up again afterwards`, async () => {
      nameServer.set(BETA, fault);
      await gatewayShows('it is noticed', /^discovery_registry_up 0$/m);
      const before = await answeredBy('127.0.0.3');
      for (let sent = 0; sent < 5; sent += 1) await ask();
      assert.equal(await answeredBy('127.0.0.3'), before + 5);
      nameServer.set(BETA, ['127.0.0.3']);
      await gatewayShows('it is there again', /^discovery_registry_up 1$/m);
    });
  }

  it('are not asked for again before the TTL of their records has passed', async () => {
    nameServer.set(BETA, ['127.0.0.3', '127.0.0.2'], 3_600);
    await areKnown(2);
    // Each process has the long TTL a little later than the gateway.
    await until('no process asks for it, while another name is asked for', async () => {
      const [betas, alphas] = [nameServer.timesAsked(BETA), nameServer.timesAsked(ALPHA)];
      await until('another name is asked for', () => nameServer.timesAsked(ALPHA) > alphas + 5);
      return nameServer.timesAsked(BETA) === betas;
    });
  });
});
