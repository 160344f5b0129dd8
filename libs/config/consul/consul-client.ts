import { explainTlsFailure } from '../tls/tls-failure.js';
import type { TlsFiles } from '../tls/tls-files.js';

export interface ConsulAccess {
  readonly url: string;
  readonly token?: string | undefined;
  /** Where url begins with https:. */
  readonly tls?: TlsFiles | undefined;
}

export interface ConsulAnswer {
  /** For a blocking query: what to wait beyond. 0 when the answer names none. */
  readonly index: number;
  /** undefined for 404: there is nothing under this path. */
  readonly body: string | undefined;
}

export interface ConsulRequest {
  readonly method?: 'GET' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A request to Consul failed. The message is fit for a log: it names no token and no value. */
export class ConsulError extends Error {
  override readonly name = 'ConsulError';
}

interface Answered {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

type Send = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<Answered>;

/** Node's own fetch takes no files; undici is loaded only for them. */
async function sendBy(tls: TlsFiles): Promise<Send> {
  const { Agent, fetch: fetchOf } = await import('undici');
  const dispatcher = new Agent({ connect: tls.readAtEachUse() });
  return (url, init) => fetchOf(url, { ...init, dispatcher });
}

const TIMEOUT_MS = 3_000;

/** Consul's HTTP API. */
export class ConsulClient {
  private readonly send: Promise<Send>;

  constructor(private readonly access: ConsulAccess) {
    const { tls } = access;
    this.send = tls?.areGiven
      ? sendBy(tls)
      : Promise.resolve((to: string, init: RequestInit) => fetch(to, init));
  }

  /**
   * @param path with its query, as in `/v1/kv/fissile?recurse`
   * @throws ConsulError when no answer comes in time (3 s unless said otherwise), or one that is neither 2xx nor 404
   */
  async ask(path: string, request: ConsulRequest = {}): Promise<ConsulAnswer> {
    const { method = 'GET', body, timeoutMs = TIMEOUT_MS, signal } = request;
    const { url, token } = this.access;
    const tooLate = AbortSignal.timeout(timeoutMs);
    try {
      const send = await this.send;
      const answer = await send(`${url.replace(/\/$/, '')}${path}`, {
        method,
        headers: token === undefined ? {} : { 'x-consul-token': token },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, tooLate]) : tooLate,
      });
      return await toAnswer(answer);
    } catch (error) {
      if (error instanceof ConsulError) throw error;
      throw new ConsulError(tooLate.aborted ? 'no answer in time' : reasonOf(error));
    }
  }
}

async function toAnswer(answer: Answered): Promise<ConsulAnswer> {
  const text = await answer.text();
  const index = Number(answer.headers.get('x-consul-index') ?? 0);
  if (answer.status === 404) return { index, body: undefined };
  if (answer.ok) return { index, body: text };
  throw new ConsulError(`answered with ${answer.status}: ${text.slice(0, 200).trim()}`);
}

/** fetch says no more than that it failed; what failed is the cause. */
function reasonOf(error: unknown): string {
  const explained = explainTlsFailure('CONSUL', error);
  const { cause } = error as { cause?: { code?: string; message?: string } };
  if (explained !== undefined) return `${cause?.code ?? 'TLS'}: ${explained}`;
  return cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
}
