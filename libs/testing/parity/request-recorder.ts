import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { RecordedRequest } from './recorded-request.js';
import { valuesOf } from './value-at.js';

/** Shorter text comes back by chance. */
const MIN_SAVED_LENGTH = 16;
const OWN_HEADERS = ['if-match', 'if-none-match', 'idempotency-key'];

type Writable = { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] };

/**
 * Stands before a running product, passes requests on, and keeps them. A value of an answer that a later request sends, such
 * as an id or an access token, is kept as a reference to that answer.
 */
export class RequestRecorder {
  readonly requests: RecordedRequest[] = [];
  /** Where each value that may come back was answered: the request, and the path in its answer. */
  private readonly sources = new Map<string, { request: Writable; path: string }>();
  private readonly names = new Map<string, string>();

  private constructor(
    private readonly server: Server,
    private readonly target: string,
    private readonly onRequest: () => void,
  ) {}

  /**
   * @param target the address of the product
   * @param onRequest called after each request that was kept
   */
  static async start(target: string, port = 0, onRequest = (): void => undefined): Promise<RequestRecorder> {
    const server = createServer();
    const recorder = new RequestRecorder(server, target.replace(/\/$/, ''), onRequest);
    server.on('request', (request, response) => void recorder.passOn(request, response));
    await new Promise<void>((listening, failed) => {
      server.once('error', failed).listen(port, '127.0.0.1', listening);
    });
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const body = await text(request);
    try {
      const headers = Object.entries(request.headers).filter(
        ([name, value]) =>
          typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name),
      );
      const answer = await fetch(this.target + url, {
        method,
        headers: Object.fromEntries(headers) as Record<string, string>,
        ...(body !== '' && { body }),
      });
      const answered = await answer.text();
      this.keep(this.requestOf(request, body), answered);
      const type = answer.headers.get('content-type');
      response.writeHead(answer.status, type === null ? {} : { 'content-type': type }).end(answered);
    } catch (error) {
      response.writeHead(502).end(`${this.target} did not answer: ${(error as Error).message}`);
    }
  }

  private requestOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): Writable {
    const kept = OWN_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, this.withReferences(value)] as const] : [];
    });
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    const as = token === undefined ? undefined : this.reference(token);
    if (token !== undefined && as === undefined) kept.push(['authorization', `Bearer ${token}`]);
    return {
      method,
      path: this.withReferences(url),
      ...(as !== undefined && { as }),
      ...(kept.length > 0 && { headers: Object.fromEntries(kept) }),
      ...(body !== '' && { body: asJson(this.withReferences(body)) }),
    };
  }

  private keep(request: Writable, answered: string): void {
    this.requests.push(request);
    for (const [path, value] of valuesOf(asJson(answered))) {
      if (path === '' || typeof value !== 'string' || value.length < MIN_SAVED_LENGTH) continue;
      if (!this.sources.has(value)) this.sources.set(value, { request, path });
    }
    this.onRequest();
  }

  private withReferences(sent: string): string {
    let result = sent;
    for (const value of this.sources.keys()) {
      if (result.includes(value)) result = result.replaceAll(value, `{${this.reference(value)}}`);
    }
    return result;
  }

  /** The name under which an earlier answer saves the value; undefined for a value of no answer. */
  private reference(value: string): string | undefined {
    const source = this.sources.get(value);
    if (!source) return undefined;
    const { request, path } = source;
    const name = this.names.get(value) ?? `value${this.names.size + 1}`;
    this.names.set(value, name);
    request.save = { ...request.save, [name]: path };
    return name;
  }
}

function asJson(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return sent;
  }
}
