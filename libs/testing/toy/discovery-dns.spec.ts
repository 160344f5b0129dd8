import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { freePort } from '../brokers.js';
import { type Answer, sendRequest } from '../product/send-request.js';
import { Program } from '../program.js';
import { dropDatabases, queryServer, startTestServer, type TestServer } from '../test-database.js';
import { until } from '../until.js';
import { NameServer } from './name-server.js';
import { ToyFolder } from './running-toy.js';
import { SteadyCalls } from './steady-calls.js';
import { TOY_MAIN } from './toy-main.js';

const ALPHA = 'alpha.toy.example';
const BETA = 'beta.toy.example';
/** Where alpha is, and instances of beta: the same ports of other addresses of this machine. */
const ALPHA_AT = '127.0.0.5';
const FIRST = '127.0.0.2';
const SECOND = '127.0.0.3';
/** More than one for each instance, however they are shared. */
const HELD = 4;
/** Longer than a slow machine takes: no call is to end for lack of time. */
const LONG_MS = '60000';

/** The gateway, alpha, and instances of beta: processes that find each other by a name server, as pods do. */
describe('Instances that a name server knows', () => {
  const prefix = `dns${randomBytes(4).toString('hex')}`;
  const folder = new ToyFolder();
  const nameServer = new NameServer();
  const programs: Program[] = [];
  let server: TestServer;
  let env: Record<string, string>;
  let port: number;
  let second: Program;
  let gateway: Program;
  let url: string;

  before(async () => {
    server = await startTestServer();
    const DISCOVERY_DNS_SERVERS = await nameServer.start();
    const [http, rpc, places, calls] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    port = places;
    env = {
      TOPOLOGY: 'split',
      PROCESS_ADDRESSES: [
        `gateway=127.0.0.1:${http}:${rpc}`,
        `alpha=${ALPHA}:${places}:${calls}`,
        `beta=${BETA}:${places}:${calls}`,
      ].join(','),
      TRANSPORT: 'grpc',
      EVENT_BUS: 'direct',
      DATABASE_URL: server.url,
      DATABASE_NAME_PREFIX: prefix,
      DATA_DIR: folder.path,
      INTERNAL_AUTH_SECRET: 'the-secret-of-the-toy-of-this-test-alone',
      THROTTLE_ENABLED: 'false',
      REQUEST_DEADLINE_MS: LONG_MS,
      BREAKER_TIMEOUT_MS: '5000',
      DATABASE_LOCK_TIMEOUT_MS: LONG_MS,
      DATABASE_STATEMENT_TIMEOUT_MS: LONG_MS,
      DISCOVERY: 'dns',
      DISCOVERY_DNS_SERVERS,
      DISCOVERY_DNS_EVERY_MS: '100',
    };
    nameServer.set(ALPHA, [ALPHA_AT]);
    nameServer.set(BETA, [FIRST]);
    // Calls of each other wait until both are there.
    await Promise.all([start({ HOSTS: 'alpha', HOST: ALPHA_AT }), start({ HOSTS: 'beta', HOST: FIRST })]);
    gateway = await start({ HOSTS: 'gateway' });
    url = await gateway.listens();
  });

  after(async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
    await nameServer.stop();
    await dropDatabases(server.url, prefix);
    await server.stop();
    folder.remove();
  });

  async function start(settings: Readonly<Record<string, string>>): Promise<Program> {
    const program = new Program(TOY_MAIN, { ...env, ...settings }, { cwd: folder.path });
    programs.push(program);
    await program.listens();
    return program;
  }

  /** One request that beta answers. */
  const ask = async () => {
    const path = `/api/beta/slots/${randomUUID()}`;
    const { status, body } = await sendRequest(url, 'PUT', path, { body: { capacity: 1 } });
    assert.equal(status, 200, JSON.stringify(body));
  };
  const at = (address: string) => `http://${address}:${port}`;
  const metricsOf = async (at: string) => (await fetch(`${at}/metrics`)).text();
  /** How many requests an instance of beta has answered. */
  const answeredBy = async (address: string) => {
    const text = await metricsOf(at(address));
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

  /** What happens under steady calls, none of which may fail. */
  async function underCalls(
    happens: (calls: SteadyCalls) => Promise<unknown>,
    { mayRepeatAll = false } = {},
  ): Promise<void> {
    const calls = new SteadyCalls(url);
    if (mayRepeatAll) calls.sendOnlyWhatMayBeRepeated();
    calls.readWhatIsHeld();
    try {
      await calls.goOn();
      await happens(calls);
      await calls.goOn();
    } finally {
      await calls.end();
    }
    assert.deepEqual(calls.failures, []);
  }

  /** Calls that may be repeated, and wait for a row at both instances until it is unlocked. */
  async function heldCalls() {
    const id = randomUUID();
    const path = `/api/beta/slots/${id}`;
    await sendRequest(url, 'PUT', path, { body: { capacity: 1 } });
    const connectionString = Object.assign(new URL(server.url), { pathname: `/${prefix}_beta` }).href;
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM slots WHERE id = $1 FOR UPDATE', [id]);
    const put = async (key: number): Promise<number> => {
      const headers = { 'idempotency-key': `${id}-${key}` };
      return (await sendRequest(url, 'PUT', path, { body: { capacity: 2 }, headers })).status;
    };
    const answers = Promise.all(Array.from({ length: HELD }, (_, key) => put(key)));
    const areWaiting = (count: number) =>
      until(`${count} wait for the row`, async () => {
        const sql = `
          SELECT 1 FROM pg_stat_activity
          WHERE datname = $1 AND wait_event_type = 'Lock' AND query LIKE '%slots%'`;
        return (await queryServer(server.url, sql, [`${prefix}_beta`])).length >= count;
      });
    await areWaiting(HELD);
    return { answers, areWaiting, unlock: () => client.end() };
  }

  it('get calls as soon as it names them, and no call fails meanwhile', async () => {
    await underCalls(async () => {
      second = await start({ HOSTS: 'beta', HOST: SECOND });
      assert.equal(await answeredBy(SECOND), 0);
      nameServer.set(BETA, [FIRST, SECOND]);
      await areKnown(2);
      await until('the new one gets calls', async () => (await answeredBy(SECOND)) > 0);
    });
  });

  it('get none any more when it has forgotten them', async () => {
    nameServer.set(BETA, [FIRST]);
    await areKnown(1);
    const before = await answeredBy(SECOND);
    for (let sent = 0; sent < 20; sent += 1) await ask();
    assert.equal(await answeredBy(SECOND), before);
  });

  it('lose no call that may be repeated when one of them is killed, and forgotten a moment later', async () => {
    nameServer.set(BETA, [FIRST, SECOND]);
    await areKnown(2);
    await underCalls(
      async (calls) => {
        const held = await heldCalls();
        await second.stop('SIGKILL');
        // What the killed process had begun still waits at the server, beside what repeats it.
        await held.areWaiting(HELD + 1);
        await calls.goOn();
        nameServer.set(BETA, [FIRST]);
        await areKnown(1);
        await held.unlock();
        assert.deepEqual(await held.answers, Array(HELD).fill(200));
      },
      { mayRepeatAll: true },
    );
  });

  it('lose no call at all when one of them is stopped, and its name removed at the same time', async () => {
    await underCalls(async (calls) => {
      second = await start({ HOSTS: 'beta', HOST: SECOND });
      nameServer.set(BETA, [FIRST, SECOND]);
      await areKnown(2);
      await until('it is used', async () => (await answeredBy(SECOND)) > 0);
      const held = await heldCalls();
      nameServer.set(BETA, [FIRST]);
      const ended = second.stop();
      await areKnown(1);
      await calls.goOn();
      await held.unlock();
      assert.deepEqual(await held.answers, Array(HELD).fill(200));
      assert.equal(await ended, 0);
    });
  });

  it('are told from another process of the product that has got an address of theirs, and clients notice nothing', async () => {
    nameServer.set(ALPHA, [ALPHA_AT, FIRST]);
    nameServer.set(BETA, [FIRST, ALPHA_AT]);
    await underCalls(async () => {
      for (const process of [url, at(ALPHA_AT), at(FIRST)]) {
        const line = /^internal_trust_failures_total\{.*reason="refused".*\} [1-9]/m;
        await until(`${process} is refused`, async () => line.test(await metricsOf(process)));
      }
    });
    assert.match(gateway.output, /takes no requests for (alpha|beta) from here \(refused\)/);
  });

  it('are unavailable for now when that process has the only address, and its port is still for no client', async () => {
    const id = randomUUID();
    const slot = `/api/beta/slots/${id}`;
    await sendRequest(url, 'PUT', slot, { body: { capacity: 1 } });
    const body = { slots: [{ slotId: id, count: 1 }] };
    const { id: run } = (await sendRequest(url, 'POST', '/api/alpha/runs', { body })).body;
    const heldBy = `/api/alpha/runs/${run}/held`;
    nameServer.set(ALPHA, [ALPHA_AT]);
    nameServer.set(BETA, [ALPHA_AT]);
    const others: Answer[] = [];
    const answers = (path: string, status: number) =>
      until(`${path} is answered with ${status}`, async () => {
        const answer = await sendRequest(url, 'GET', path, {});
        if (answer.status !== 200 && answer.status !== 503) others.push(answer);
        return answer.status === status && answer;
      });
    // By the gateway itself, and by alpha, which calls beta.
    for (const path of [slot, heldBy]) {
      const { body, headers } = await answers(path, 503);
      assert.equal(body.code, 'unavailable');
      assert.doesNotMatch(JSON.stringify(body), /port/);
      assert.ok(Number(headers['retry-after']) >= 1);
      assert.ok(!('x-fissile-refused' in headers));
    }
    const direct = await sendRequest(at(ALPHA_AT), 'GET', slot, {});
    assert.deepEqual([direct.status, direct.body.code], [403, 'internal_port']);
    nameServer.set(BETA, [FIRST]);
    for (const path of [slot, heldBy]) await answers(path, 200);
    assert.deepEqual(others, []);
  });

  for (const fault of ['NXDOMAIN', 'SERVFAIL', 'silence'] as const) {
    it(`are used as last known while it answers with ${fault}, and looked up again afterwards`, async () => {
      nameServer.set(BETA, fault);
      await gatewayShows('it is noticed', /^discovery_registry_up 0$/m);
      const before = await answeredBy(FIRST);
      for (let sent = 0; sent < 5; sent += 1) await ask();
      assert.equal(await answeredBy(FIRST), before + 5);
      nameServer.set(BETA, [FIRST]);
      await gatewayShows('it is there again', /^discovery_registry_up 1$/m);
    });
  }

  it('are not asked for again before the TTL of their records has passed', async () => {
    nameServer.set(BETA, [FIRST, SECOND], 3_600);
    await areKnown(2);
    // Each process has the long TTL a little later than the gateway.
    await until('no process asks for it, while another name is asked for', async () => {
      const [betas, alphas] = [nameServer.timesAsked(BETA), nameServer.timesAsked(ALPHA)];
      await until('another name is asked for', () => nameServer.timesAsked(ALPHA) > alphas + 5);
      return nameServer.timesAsked(BETA) === betas;
    });
  });
});
