import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BadQuery, readBlocking, type Reading } from './blocking-query.js';
import { Catalog, type ReapingTimes } from './catalog.js';
import { KeyValues } from './key-values.js';
import { RaftIndex } from './raft-index.js';
import { Registration } from './registration.js';
import { Sessions } from './sessions.js';

export interface ConsulAgentOptions extends Partial<ReapingTimes> {
  /** The ACL token that every request must carry; without it, all requests are permitted. */
  readonly token?: string;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly index?: number;
}

/**
 * A fake Consul agent with the part of the HTTP API that the kit uses, true to a real agent's behaviour: the
 * key/value store and the health of services with blocking queries, the registration of services with HTTP checks,
 * sessions that hold keys, and its state.
 */
export class ConsulAgent {
  /** All requests, such as `GET /v1/kv/toy?recurse=true`. */
  readonly requests: string[] = [];

  private isFailing = false;
  private readonly log = new RaftIndex();
  private readonly keyValues = new KeyValues(this.log);
  private readonly sessions = new Sessions(this.keyValues);
  private readonly catalog: Catalog;
  private server: Server | undefined;
  private port = 0;

  private constructor(private readonly options: ConsulAgentOptions) {
    const { minCriticalMs = 60_000, everyMs = 30_000 } = options;
    this.catalog = new Catalog(this.log, { minCriticalMs, everyMs });
  }

  static async start(options: ConsulAgentOptions = {}): Promise<ConsulAgent> {
    const agent = new ConsulAgent(options);
    await agent.resume();
    return agent;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The ids of the registered services. */
  get serviceIds(): string[] {
    return Object.keys(this.catalog.registered());
  }

  /** The number of blocking queries that wait for a change now. */
  get readersWaiting(): number {
    return this.log.readersWaiting;
  }

  put(key: string, value: string): void {
    this.keyValues.put(key, Buffer.from(value));
  }

  delete(key: string): void {
    this.keyValues.delete(key);
  }

  /** What a key says now; undefined when there is none. */
  valueOf(key: string): string | undefined {
    const { status, body } = this.keyValues.read(key, { recurse: false, keys: false, raw: true });
    return status === 200 ? String(body) : undefined;
  }

  /** The keys that are there now. */
  keysUnder(prefix: string): string[] {
    const { status, body } = this.keyValues.read(prefix, { recurse: false, keys: true, raw: false });
    return status === 200 ? (body as string[]) : [];
  }

  /** Ends the session that holds a key, as when nobody has renewed it in time. */
  endSessionOf(key: string): void {
    const session = this.keyValues.holderOf(key);
    if (session !== undefined) this.sessions.end(session);
  }

  /** Runs the checks of all services now, without waiting for their interval. */
  runChecks(): Promise<void> {
    return this.catalog.runChecks();
  }

  /** Deregisters services that have been critical for too long; `now` in milliseconds since 1970. */
  reap(now?: number): void {
    this.catalog.reap(now);
  }

  /** Closes all connections and stops listening. Stored data remains. */
  async stop(): Promise<void> {
    this.catalog.stop();
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((closed) => (server ? server.close(() => closed()) : closed()));
  }

  /** Listens again, on the same port. */
  async resume(): Promise<void> {
    const server = createServer((request, response) => void this.serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    this.catalog.start();
  }

  /** While on, every request fails with 500, including waiting ones: a Consul that has lost its leader. */
  fail(isFailing: boolean): void {
    this.isFailing = isFailing;
    if (isFailing) this.log.restore(this.log.value);
  }

  /** Simulates the restore of an old snapshot: the index goes back, and waiting queries return. */
  goBackTo(index: number): void {
    this.keyValues.restore(index);
    this.catalog.restore(index);
    this.log.restore(index);
  }

  /** Simulates the restart of a development-mode agent: no keys, no services, and the index restarts. */
  forgetEverything(): void {
    this.sessions.clear();
    this.keyValues.clear();
    this.catalog.clear();
    this.log.restore(1);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push(`${request.method} ${request.url}`);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const body = Buffer.concat(await request.toArray());
      const answer = this.refusal(request) ?? (await this.answer(request, body, gone.signal));
      // The leader may have been lost while the request waited.
      send(response, this.refusal(request) ?? answer);
    } catch (error) {
      if (gone.signal.aborted) return;
      send(response, { status: error instanceof BadQuery ? 400 : 500, body: (error as Error).message });
    }
  }

  private refusal({ headers }: IncomingMessage): Answer | undefined {
    if (this.isFailing) return { status: 500, body: 'No cluster leader' };
    const { token } = this.options;
    if (token === undefined) return undefined;
    const given = headers['x-consul-token'] ?? headers.authorization?.replace(/^Bearer /, '');
    if (given === token) return undefined;
    return { status: 403, body: given ? 'ACL not found' : 'Permission denied' };
  }

  private async answer(request: IncomingMessage, body: Buffer, gone: AbortSignal): Promise<Answer> {
    const { pathname, searchParams: query } = new URL(request.url ?? '', this.url);
    const path = decodeURIComponent(pathname);
    const blocking = (read: () => Reading): Promise<Answer> => readBlocking(read, query, this.log, gone);
    const route = `${request.method} ${path}`;

    if (path.startsWith('/v1/kv/'))
      return this.answerKv(request.method, path.slice('/v1/kv/'.length), query, body, blocking);
    const [, name] = /^GET \/v1\/health\/service\/([^/]+)$/.exec(route) ?? [];
    if (name !== undefined) {
      const filter = { passing: isSet(query, 'passing'), tag: query.get('tag') };
      return blocking(() => this.catalog.readHealth(name, filter));
    }
    const [, id] = /^PUT \/v1\/agent\/service\/deregister\/(.+)$/.exec(route) ?? [];
    if (id !== undefined) return this.deregister(id);
    if (route.startsWith('PUT /v1/session/')) return this.answerSession(path, body);
    if (route === 'PUT /v1/agent/service/register') return this.register(body);
    if (route === 'GET /v1/agent/services') return { status: 200, body: this.catalog.registered() };
    if (route === 'GET /v1/catalog/services') return blocking(() => this.catalog.readNames());
    if (route === 'GET /v1/status/leader') return { status: 200, body: JSON.stringify('127.0.0.1:8300') };
    if (route === 'GET /v1/agent/self') return { status: 200, body: this.self() };
    return { status: 404, body: '' };
  }

  private answerKv(
    method: string | undefined,
    key: string,
    query: URLSearchParams,
    body: Buffer,
    blocking: (read: () => Reading) => Promise<Answer>,
  ): Answer | Promise<Answer> {
    const how = { recurse: isSet(query, 'recurse'), keys: isSet(query, 'keys'), raw: isSet(query, 'raw') };
    if (method === 'GET') return blocking(() => this.keyValues.read(key, how));
    if (key === '') return { status: 400, body: 'Missing key name' };
    if (method === 'PUT') return this.write(key, body, query);
    if (method !== 'DELETE') return { status: 405, body: '' };
    this.keyValues.delete(key, how.recurse);
    return { status: 200, body: true };
  }

  private write(key: string, body: Buffer, query: URLSearchParams): Answer {
    const acquire = query.get('acquire') ?? undefined;
    if (acquire !== undefined && !this.sessions.has(acquire)) {
      return { status: 500, body: `rpc error making call: invalid session "${acquire}"` };
    }
    const cas = query.has('cas') ? Number(query.get('cas')) : undefined;
    return { status: 200, body: this.keyValues.put(key, body, { cas, acquire }) };
  }

  private answerSession(path: string, body: Buffer): Answer {
    const [, what, id = ''] = /^\/v1\/session\/(create|renew|destroy)(?:\/(.+))?$/.exec(path) ?? [];
    if (what === 'create') {
      try {
        return { status: 200, body: { ID: this.sessions.create(JSON.parse(body.toString() || '{}')) } };
      } catch (error) {
        return { status: 400, body: `Request decode failed: ${(error as Error).message}` };
      }
    }
    if (what === 'renew') {
      if (this.sessions.renew(id)) return { status: 200, body: [{ ID: id }] };
      return { status: 404, body: `Session id '${id}' not found` };
    }
    this.sessions.end(id);
    return { status: 200, body: true };
  }

  private register(body: Buffer): Answer {
    try {
      this.catalog.register(Registration.parse(JSON.parse(body.toString())));
      return { status: 200, body: '' };
    } catch (error) {
      return { status: 400, body: `Request decode failed: ${(error as Error).message}` };
    }
  }

  private deregister(id: string): Answer {
    if (this.catalog.deregister(id)) return { status: 200, body: '' };
    return {
      status: 404,
      body: `Unknown service ID "${id}". Ensure that the service ID is passed, not the service name.`,
    };
  }

  private self() {
    return {
      Config: {
        Datacenter: 'dc1',
        NodeName: 'fake',
        NodeID: this.catalog.nodeId,
        Server: true,
        Version: '1.22.0',
      },
      Member: { Name: 'fake', Addr: '127.0.0.1', Port: 8301, Status: 1 },
    };
  }
}

/** A query flag counts by its presence, whatever its value. */
function isSet(query: URLSearchParams, name: string): boolean {
  return query.has(name);
}

function send(response: ServerResponse, { status, body, index }: Answer): void {
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    ...(index === undefined
      ? {}
      : {
          'x-consul-index': Math.max(1, index),
          'x-consul-knownleader': 'true',
          'x-consul-lastcontact': '0',
        }),
  });
  response.end(isText ? body : JSON.stringify(body));
}
