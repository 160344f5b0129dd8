import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { CONTEXTS } from '#contracts';
import { freePort, Program, until } from '@fissile/kit/testing';
import { appProgram } from '../harness/app-program.js';

const STOPS = { times: Infinity, status: 503, header: 'x-fissile-stopping' };
const NOTHING = { ...STOPS, times: 0 };

/** An instance of a context that counts its requests. */
class FakeUpstream {
  received = 0;
  /** What its next answers are in place of its own: refusals, marked by a header. */
  refuses = NOTHING;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<FakeUpstream> {
    const server = createServer((incoming, response) => {
      if (incoming.url === '/health') response.end('{"status":"healthy"}');
      // What the gateway reads by itself, every ten seconds, is no request of a client.
      else if (incoming.url === '/metrics') response.end();
      else upstream.answer(response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const upstream = new FakeUpstream(server, (server.address() as AddressInfo).port);
    return upstream;
  }

  private answer(response: ServerResponse): void {
    this.received += 1;
    const { times, status, header } = this.refuses;
    if (times > 0) response.writeHead(status, { [header]: 'true' });
    this.refuses = { ...this.refuses, times: times - 1 };
    response.end('{}');
  }

  /** As a killed process does. */
  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** The gateway alone, in front of a fake of products; no process runs at the addresses of the other contexts. */
describe('The gateway', () => {
  let upstream: Server;
  // The gateway reads its metrics by itself, and may before the first test begins.
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) =>
    response.end();
  let gateway: Program;
  /** Two instances of users. */
  let pair: FakeUpstream[];
  let url: string;
  const dataDir = mkdtempSync(join(tmpdir(), 'fissile-proxy-'));

  before(async () => {
    upstream = createServer((incoming, response) => {
      if (incoming.url === '/health') response.end('{"status":"healthy","database":"up"}');
      else answer(incoming, response);
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const unusedPort = await freePort();
    const endpoints = CONTEXTS.filter((context) => context !== 'users').map((context) => {
      const port = context === 'products' ? (upstream.address() as AddressInfo).port : unusedPort;
      return `${context}=127.0.0.1:${port}:${unusedPort}`;
    });
    pair = [await FakeUpstream.start(), await FakeUpstream.start()];
    endpoints.push(...pair.map(({ port }) => `users=127.0.0.1:${port}:${unusedPort}`));
    endpoints.push(`gateway=127.0.0.1:${await freePort()}:${unusedPort}`);
    gateway = new Program(appProgram('gateway'), {
      DATA_DIR: dataDir,
      PROCESS_ADDRESSES: endpoints.join(','),
      ROUTE_DEADLINES: '/api/products/slow=1500',
      THROTTLE_ENABLED: 'false',
      BREAKER_MAX_CONCURRENT: '5',
      BREAKER_RESET_MS: '3000',
      // Longer than the tests: an excluded instance stays excluded until it responds.
      EJECT_MS: '30000',
    });
    url = await gateway.listens();
  });

  beforeEach(() => {
    answer = (_request, response) => response.end('{}');
  });

  after(async () => {
    await gateway.stop();
    upstream.closeAllConnections();
    upstream.close();
    for (const upstream of pair) upstream.stop();
    rmSync(dataDir, { recursive: true });
  });

  /** A client that can do what fetch forbids. */
  function send(options: { method?: string; path: string; headers?: Record<string, string | string[]> }) {
    const outgoing = request(url + options.path, {
      method: options.method ?? 'GET',
      headers: options.headers ?? {},
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject);
    });
    return { outgoing, answered };
  }

  async function problemOf(
    response: IncomingMessage,
  ): Promise<{ status: number; code: string; type: string }> {
    const chunks = await response.setEncoding('utf8').toArray();
    const type = response.headers['content-type'] ?? '';
    return { status: response.statusCode ?? 0, code: JSON.parse(chunks.join('')).code, type };
  }

  it('passes method, path, query, headers and body on as they are', async () => {
    let seen: { method?: string; url?: string; headers: Record<string, unknown>; body: string } | undefined;
    answer = (incoming, response) => {
      void incoming
        .setEncoding('utf8')
        .toArray()
        .then((chunks) => {
          const { method = '', url: path = '', headers } = incoming;
          seen = { method, url: path, headers, body: chunks.join('') };
          response
            .writeHead(418, { 'x-upstream': ['a', 'b'], 'content-type': 'text/x-tea' })
            .end('short and stout');
        });
    };
    const { outgoing, answered } = send({
      method: 'PATCH',
      path: '/api/products/a%2Fb?q=%C3%A4&q=2',
      headers: { 'x-client': 'yes', 'content-type': 'application/json' },
    });
    outgoing.end('{"a": 1}');
    const response = await answered;
    assert.equal(response.statusCode, 418);
    assert.equal(response.headers['x-upstream'], 'a, b');
    assert.equal((await response.setEncoding('utf8').toArray()).join(''), 'short and stout');
    assert.equal(seen?.method, 'PATCH');
    assert.equal(seen?.url, '/api/products/a%2Fb?q=%C3%A4&q=2');
    assert.equal(seen?.headers['x-client'], 'yes');
    assert.equal(seen?.body, '{"a": 1}');
  });

  it('keeps what belongs to a connection, and what clients may not say, to itself', async () => {
    let headers: Record<string, unknown> = {};
    answer = (incoming, response) => {
      headers = incoming.headers;
      response
        .writeHead(200, { connection: 'keep-alive, x-gone', 'x-gone': '1', 'proxy-authenticate': 'x' })
        .end();
    };
    const { outgoing, answered } = send({
      path: '/api/products',
      headers: {
        connection: 'close, x-private',
        'x-private': '1',
        te: 'trailers',
        'proxy-authorization': 'x',
        forwarded: 'for=1.2.3.4',
        'x-forwarded-for': '1.2.3.4',
        'x-forwarded-host': 'evil.example',
        'x-fissile-internal': 'forged',
        'x-fissile-timeout-ms': '9',
      },
    });
    outgoing.end();
    const response = await answered;
    for (const name of ['x-private', 'te', 'proxy-authorization', 'forwarded'])
      assert.ok(!(name in headers), name);
    assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(headers['x-forwarded-proto'], 'http');
    assert.equal(headers['x-forwarded-host'], new URL(url).host);
    assert.notEqual(headers['x-fissile-internal'], 'forged');
    assert.ok(Number(headers['x-fissile-timeout-ms']) > 9);
    assert.equal(headers['x-request-id'], response.headers['x-request-id']);
    for (const name of ['x-gone', 'proxy-authenticate']) assert.ok(!(name in response.headers), name);
    response.resume();
  });

  it('streams both ways: the first part arrives before the last is sent', async () => {
    let firstOfRequest = '';
    let finish: () => void = () => undefined;
    answer = (incoming, response) => {
      incoming.setEncoding('utf8').on('data', (chunk: string) => (firstOfRequest += chunk));
      response.writeHead(200, { 'content-type': 'text/plain' }).write('first');
      finish = () => response.end('last');
    };
    const { outgoing, answered } = send({
      method: 'POST',
      path: '/api/products',
      headers: { 'content-type': 'x/y' },
    });
    outgoing.write('begin');
    await until('the context has the first part', () => firstOfRequest === 'begin');
    const response = await answered;
    const [chunk] = (await once(response.setEncoding('utf8'), 'data')) as [string];
    assert.equal(chunk, 'first');
    outgoing.end('end');
    await until('the context has all of it', () => firstOfRequest === 'beginend');
    finish();
    assert.equal((await response.toArray()).join(''), 'last');
  });

  it('counts what it passes on by the template that the context returns, never by a path', async () => {
    answer = (_request, response) => response.setHeader('x-fissile-endpoint', '/api/products/:id').end('{}');
    for (const name of ['one', 'two', 'three']) await fetch(`${url}/api/products/made-up-${name}`);
    answer = (_request, response) => response.end('{}');
    await fetch(`${url}/api/products/made-up-four`);
    await fetch(`${url}/api/orders/made-up-five`);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(
      metrics,
      /^http_requests_total\{method="GET",endpoint="\/api\/products\/:id",status="200"\} [3-9]/m,
    );
    assert.doesNotMatch(metrics, /made-up/);
    assert.match(metrics, /^proxy_connections\{state="idle"\} [1-9]/m);
    assert.match(metrics, /^proxy_waiting_requests 0$/m);
  });

  it('keeps its connections to a context', async () => {
    const ports = new Set<number | undefined>();
    answer = (incoming, response) => {
      ports.add(incoming.socket.remotePort);
      response.end('{}');
    };
    for (let count = 0; count < 5; count += 1) await (await fetch(`${url}/api/products`)).text();
    assert.equal(ports.size, 1);
  });

  it('retries a read once when a kept connection breaks', async () => {
    let requests = 0;
    answer = (incoming, response) => {
      requests += 1;
      if (requests === 1) incoming.socket.destroy();
      else response.end('{}');
    };
    assert.equal((await fetch(`${url}/api/products`)).status, 200);
    assert.equal(requests, 2);
  });

  it('answers 502 when a context closes the connection, and does not retry a write', async () => {
    let requests = 0;
    answer = (incoming) => {
      requests += 1;
      incoming.socket.destroy();
    };
    const { outgoing, answered } = send({ method: 'POST', path: '/api/products' });
    outgoing.end();
    const { status, code, type } = await problemOf(await answered);
    assert.deepEqual([status, code], [502, 'bad_gateway']);
    assert.match(type, /^application\/problem\+json/);
    assert.equal(requests, 1);
  });

  it('answers 503 with Retry-After when no instance responds', async () => {
    const { outgoing, answered } = send({ path: '/api/orders' });
    outgoing.end();
    const response = await answered;
    assert.equal(response.headers['retry-after'], '1');
    const { status, code, type } = await problemOf(response);
    assert.deepEqual([status, code], [503, 'unavailable']);
    assert.match(type, /^application\/problem\+json/);
  });

  it('answers 503 with Retry-After for the refusal of an internal port, and passes on a 403 of the context', async () => {
    const problem = JSON.stringify({ code: 'internal_port', detail: 'This port is for others' });
    const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
    answer = (_request, response) => response.writeHead(403, headers).end(problem);
    const passedOn = await fetch(`${url}/api/products/secret`);
    assert.deepEqual([passedOn.status, await passedOn.text()], [403, problem]);
    headers['x-fissile-refused'] = 'true';
    const refused = await fetch(`${url}/api/products/secret`);
    const { code, detail } = (await refused.json()) as Record<string, string>;
    assert.deepEqual([refused.status, refused.headers.get('retry-after'), code], [503, '1', 'unavailable']);
    assert.doesNotMatch(String(detail), /port/);
    assert.ok(!refused.headers.has('x-fissile-refused'));
    assert.match(gateway.output, /takes no requests for products from here \(refused\)/);
  });

  it("answers 504 at the route's deadline, and cancels the call to the context", async () => {
    let calledOff = false;
    answer = (incoming) => void incoming.socket.once('close', () => (calledOff = true));
    const { outgoing, answered } = send({ path: '/api/products/slow' });
    outgoing.end();
    const { status, code } = await problemOf(await answered);
    assert.deepEqual([status, code], [504, 'deadline_exceeded']);
    await until('the context is called off', () => calledOff);
  });

  it('answers 504 for a large response that stalls before its first byte', async () => {
    answer = (_incoming, response) => {
      response.writeHead(200, { 'content-length': String(256 * 1024) }).flushHeaders();
    };
    const { outgoing, answered } = send({ path: '/api/products/slow' });
    outgoing.end();
    const { status, code } = await problemOf(await answered);
    assert.deepEqual([status, code], [504, 'deadline_exceeded']);
  });

  it('lets a client that is slow to send a small body block only itself', async () => {
    let arrived = false;
    answer = (_incoming, outgoing) => {
      arrived = true;
      outgoing.end();
    };
    const headers = { 'content-type': 'application/json', 'content-length': '10' };
    const { outgoing, answered } = send({ path: '/api/products/slow', method: 'POST', headers });
    outgoing.write('{');
    const { status, code } = await problemOf(await answered);
    assert.deepEqual([status, code, arrived], [504, 'deadline_exceeded', false]);
    outgoing.destroy();
  });

  it('passes on that a client has disconnected', async () => {
    let arrived = false;
    let calledOff = false;
    answer = (incoming) => {
      arrived = true;
      incoming.socket.once('close', () => (calledOff = true));
    };
    const { outgoing, answered } = send({ path: '/api/products' });
    outgoing.end();
    answered.catch(() => undefined);
    await until('the context has the request', () => arrived);
    outgoing.destroy();
    await until('the context is called off', () => calledOff);
  });

  describe('in front of two instances of a context', () => {
    const ask = async (count: number) => {
      const before = pair.map(({ received }) => received);
      const statuses = new Set<number>();
      // A few concurrently: the bulkhead of these tests is small.
      const client = async (): Promise<void> => {
        for (let sent = 0; sent < count / 4; sent += 1) {
          statuses.add((await fetch(`${url}/api/users`)).status);
        }
      };
      await Promise.all(Array.from({ length: 4 }, client));
      assert.deepEqual(statuses, new Set([200]));
      return pair.map(({ received }, index) => received - (before[index] ?? 0));
    };

    it('shares requests between them', async () => {
      const [one = 0, other = 0] = await ask(60);
      assert.equal(one + other, 60);
      assert.ok(Math.min(one, other) > 10, `${one} and ${other}`);
    });

    it('sends reads and writes to the other that the internal port of one takes nothing of', async () => {
      const statuses = new Set<number>();
      for (const request of [{}, { method: 'POST', body: '{}' }]) {
        for (const refusing of pair) {
          // Not so often that it is left out.
          refusing.refuses = { times: 1, status: 403, header: 'x-fissile-refused' };
          while (refusing.refuses.times > 0) statuses.add((await fetch(`${url}/api/users`, request)).status);
        }
      }
      assert.deepEqual(statuses, new Set([200]));
    });

    it('retries a read at the other instance when the first is about to stop', async () => {
      const [leaving] = pair as [FakeUpstream];
      leaving.refuses = STOPS;
      const [refused = 0, answered] = await ask(60);
      assert.equal(answered, 60);
      assert.ok(refused > 0);
      leaving.refuses = NOTHING;
    });

    it('sends a write to the other instance when the first is about to stop and has done nothing for it', async () => {
      const [leaving] = pair as [FakeUpstream];
      leaving.refuses = STOPS;
      const before = leaving.received;
      const statuses = new Set<number>();
      for (let sent = 0; sent < 20 || leaving.received === before; sent += 1) {
        statuses.add((await fetch(`${url}/api/users`, { method: 'POST', body: '{}' })).status);
      }
      leaving.refuses = NOTHING;
      assert.deepEqual(statuses, new Set([200]));
    });

    it('loses no read when one dies, and ejects it from then on', async () => {
      const dies = pair[1] as FakeUpstream;
      const before = dies.received;
      const load = ask(200);
      await until('it is in use', () => dies.received > before);
      dies.stop();
      await load;
      await ask(60);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const seen = metrics
        .split('\n')
        .filter((line) => line.startsWith('discovery_instances{context="users"'));
      assert.deepEqual(seen, [
        'discovery_instances{context="users",state="known"} 2',
        'discovery_instances{context="users",state="ejected"} 1',
      ]);
    });
  });

  it('rejects a body that is too large before it is sent on', async () => {
    let requests = 0;
    answer = (_incoming, response) => {
      requests += 1;
      response.end('{}');
    };
    const response = await fetch(`${url}/api/products`, { method: 'POST', body: 'x'.repeat(300_000) });
    assert.equal(response.status, 413);
    assert.equal(((await response.json()) as { code: string }).code, 'payload_too_large');
    assert.equal(requests, 0);
  });

  it('rejects at once, with Retry-After, when too many requests are in flight to a context', async () => {
    const waiting: ServerResponse[] = [];
    answer = (_request, response) => void waiting.push(response);
    const held = Array.from({ length: 5 }, () => fetch(`${url}/api/products/held`));
    await until('the context has them', () => waiting.length === 5);
    const refused = await fetch(`${url}/api/products/held`);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1']);
    assert.equal(((await refused.json()) as { code: string }).code, 'unavailable');
    waiting.forEach((response) => response.end('{}'));
    for (const response of await Promise.all(held)) assert.equal(response.status, 200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /^bulkhead_rejected_total\{target="products-http"\} 1$/m);
    assert.match(metrics, /^bulkhead_in_flight\{target="products-http"\} 0$/m);
  });

  it('serves the last known catalogue while products is down, marks it as stale, and caches nothing else', async () => {
    const get = async (path: string, headers = {}) => {
      const response = await fetch(`${url}${path}`, { headers });
      const marks = ['x-fissile-stale', 'age', 'cache-control'].map((name) => response.headers.get(name));
      return { status: response.status, text: await response.text(), marks, headers: response.headers };
    };
    const authorization = { authorization: 'Bearer t' };
    answer = (incoming, response) => {
      const status = incoming.url === '/api/products/none' ? 404 : 200;
      response.writeHead(status, { 'content-type': 'application/json', etag: '"7"' });
      response.end(JSON.stringify({ url: incoming.url }));
    };
    const seen = ['/api/products?limit=2', '/api/products/tea'];
    const keptAt = performance.now();
    for (const path of seen) assert.deepEqual((await get(path)).marks, [null, null, null]);
    await get('/api/products/none');
    await get('/api/products/private', authorization);

    const breakOff = (incoming: IncomingMessage) => void incoming.socket.destroy();
    const unwell = (_incoming: IncomingMessage, response: ServerResponse) =>
      void response.writeHead(503).end('{"code":"unavailable"}');
    for (const fail of [unwell, breakOff]) {
      let requests = 0;
      answer = (incoming, response) => {
        requests += 1;
        fail(incoming, response);
      };
      for (const path of seen) {
        const stale = await get(path, authorization);
        assert.deepEqual([stale.status, stale.text], [200, JSON.stringify({ url: path })]);
        const [isStale, age, cacheControl] = stale.marks;
        assert.deepEqual([isStale, cacheControl], ['true', 'no-cache']);
        assert.match(age ?? '', /^\d+$/);
        assert.ok(Number(age) <= (performance.now() - keptAt) / 1_000, `${age} s old`);
        assert.equal(stale.headers.get('etag'), '"7"');
        assert.match(stale.headers.get('content-type') ?? '', /^application\/json/);
      }
      const never = ['/api/products?limit=3', '/api/products/none', '/api/products/private'];
      for (const path of never) assert.ok((await get(path)).status >= 502, path);
      assert.ok(requests > 0, 'products was called first');
    }
    const written = await fetch(`${url}${seen[0]}`, { method: 'POST' });
    assert.ok(written.status >= 502, 'what writes gets no answer');
    assert.match((await get('/metrics')).text, /^fallback_answers_total\{fallback="stale-catalogue"\} 4$/m);
  });

  it('sends nothing more to a context that closes its connections, until it answers one request', async () => {
    let requests = 0;
    answer = (incoming) => {
      requests += 1;
      incoming.socket.destroy();
    };
    const post = () => fetch(`${url}/api/products`, { method: 'POST' });
    const begun = performance.now();
    const isOpen = async () => (await post()).status === 503;
    await until('the breaker is open', isOpen);
    const before = requests;
    const refused = await post();
    assert.equal(refused.status, 503);
    const retryAfter = Number(refused.headers.get('retry-after'));
    const least = Math.ceil(3 - (performance.now() - begun) / 1_000);
    assert.ok(retryAfter >= least && retryAfter <= 3, `it can be called again after ${retryAfter} s`);
    await refused.text();
    assert.equal(requests, before);
    const { products } = (await (await fetch(`${url}/health`)).json()) as Record<string, string>;
    assert.equal(products, 'down', 'it is known to be down');
    assert.equal((await fetch(`${url}/health/ready`)).status, 200);
    answer = (_incoming, response) => response.end('{}');
    await until('it is let through again', async () => (await post()).status === 200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /^breaker_state\{target="products-http"\} 0$/m);
    assert.match(metrics, /^breaker_calls_total\{target="products-http",outcome="rejected"\} [1-9]/m);
  });

  it('reports the health of each context', async () => {
    const response = await fetch(`${url}/health`);
    const report = (await response.json()) as Record<string, string>;
    assert.equal(response.status, 503);
    assert.deepEqual([report['products'], report['database'], report['orders']], ['up', 'up', 'down']);
  });
});
