import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { type ContextName, hasCode } from '@fissile/kit/contract';
import { Balancer, type Instance, originOf, Breakers, InternalTokens } from '@fissile/kit/rpc';
import { HttpSettings, payloadTooLarge } from '@fissile/kit/http';
import { inSpan, isTracing, setOnSpan, type SpanDescription, traceOf } from '@fissile/kit/observability';
import {
  BAGGAGE,
  currentCall,
  DIRECT,
  ENDPOINT,
  INTERNAL_TOKEN,
  CLIENT_REQUEST_ID,
  REFUSED,
  REQUEST_ID,
  STOPPING,
  TIMEOUT_MS,
  TRACE_PARENT,
  TRACE_STATE,
} from '@fissile/kit/request';
import type { CancellationToken } from '@fissile/kit/async';
import { isSmall, readAll } from './bodies.js';
import { ResponseFallback } from './response-fallback.js';
import { requestHeaders, responseHeaders } from './forwarded-headers.js';
import { limitedBody } from './limited-body.js';
import {
  asSeenByClient,
  hasNotBegun,
  isBrokenConnection,
  outcomeOf,
  Refused,
  Stopping,
} from './upstream-error.js';

const CONNECTIONS_PER_INSTANCE = 128;
const CONNECT_TIMEOUT_MS = 1_000;
const MAX_ATTEMPTS = 3;
const READ_ONLY = new Set(['GET', 'HEAD']);

/** A request to forward, without the instance that receives it. */
type Described = Omit<Dispatcher.RequestOptions, 'origin'>;

/** Forwards requests to the instances of contexts, as streams in both directions. */
@Injectable()
export class ContextProxy implements OnApplicationShutdown {
  private readonly agent = new Agent({
    connections: CONNECTIONS_PER_INSTANCE,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  });

  constructor(
    private readonly balancer: Balancer,
    private readonly tokens: InternalTokens,
    private readonly settings: HttpSettings,
    private readonly breakers: Breakers,
    private readonly fallback: ResponseFallback,
  ) {}

  /**
   * @throws ContextError when no response of the context arrives; its response, errors included, is forwarded as it is
   */
  async forward(context: ContextName, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (Number(request.headers['content-length'] ?? 0) > this.settings.BODY_LIMIT_BYTES) {
      throw payloadTooLarge(this.settings.BODY_LIMIT_BYTES);
    }
    const { statusCode, headers, body } = await this.fallback.around(context, request, () =>
      this.sendTraced(context, request),
    );
    request.endpoint = String(headers[ENDPOINT] ?? 'unmatched');
    void reply.code(statusCode).headers(responseHeaders(headers));
    if (!isSmall(headers) || request.method === 'HEAD') return reply.send(await beganAnswer(body, context));
    const answer = await readAnswer(body, context);
    // Fastify would name a type for bytes that are none.
    return reply.send(answer.length === 0 ? undefined : answer);
  }

  /** Over all instances. */
  get connections(): { connected: number; busy: number; waiting: number } {
    const pools = Object.values(this.agent.stats);
    const sum = (of: (pool: (typeof pools)[number]) => number): number =>
      pools.reduce((total, pool) => total + of(pool), 0);
    return {
      connected: sum(({ connected }) => Number(connected)),
      busy: sum(({ running }) => running),
      waiting: sum(({ pending }) => pending),
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private sendTraced(context: ContextName, request: FastifyRequest): Promise<Dispatcher.ResponseData> {
    if (!isTracing()) return this.sendGuarded(context, request);
    return inSpan(proxySpan(request.method, context), async () => {
      const response = await this.sendGuarded(context, request);
      setOnSpan({ 'http.response.status_code': response.statusCode });
      return response;
    });
  }

  private sendGuarded(context: ContextName, request: FastifyRequest): Promise<Dispatcher.ResponseData> {
    const send = (): Promise<Dispatcher.ResponseData> =>
      this.send(context, request).catch((error: unknown) => {
        throw asSeenByClient(error, context);
      });
    return this.breakers.forRequests(context).run(send, (error) => isClients(error, request));
  }

  private async send(context: ContextName, request: FastifyRequest): Promise<Dispatcher.ResponseData> {
    const options = await this.describe(context, request);
    const tried = new Set<string>();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.balancer.execute({
          context,
          protocol: 'http',
          tried,
          send: (instance) => this.sendTo(context, instance, options),
          outcome: (error) => (isClients(error, request) ? 'unknown' : outcomeOf(error)),
        });
      } catch (error) {
        const isOver = attempt === MAX_ATTEMPTS || currentCall()?.cancellation?.reason;
        if (isOver || !mayRepeat(request, options, error)) throw error;
        // The instance may have closed a kept-alive connection just as it was used; then retry at the same instance.
        const isWorthIt = attempt === 1 && isBrokenConnection(error);
        if (!isWorthIt && !this.balancer.hasAnother(context, tried)) throw error;
      }
    }
  }

  private async sendTo(
    context: ContextName,
    instance: Instance,
    options: Described,
  ): Promise<Dispatcher.ResponseData> {
    if (isTracing()) {
      setOnSpan({ 'server.address': instance.address, 'server.port': instance.httpPort });
    }
    const answer = await this.agent.request({ ...options, origin: originOf(instance) }).catch(whyItEnded);
    const isRefused = answer.headers[REFUSED] !== undefined;
    if (!isRefused && answer.headers[STOPPING] === undefined) return answer;
    await answer.body.dump();
    if (!isRefused) throw new Stopping();
    this.tokens.failures.add('refused', `${originOf(instance)} takes no requests for ${context} from here`);
    throw new Refused();
  }

  /** Node's parser enforces a declared content length; a chunked body is counted. */
  private bodyOf({ body, headers }: FastifyRequest): Readable | Buffer | null {
    if (!body) return null;
    if (headers['content-length'] !== undefined) return body as Readable | Buffer;
    return limitedBody(body as Readable, this.settings.BODY_LIMIT_BYTES);
  }

  private async describe(context: ContextName, request: FastifyRequest): Promise<Described> {
    const call = currentCall();
    const { traceparent, tracestate } = call ? traceOf(call) : {};
    const timeoutMs = Math.max(1, (call?.deadline ?? Infinity) - Date.now());
    return {
      path: request.raw.url ?? request.url,
      method: request.method,
      headers: requestHeaders(request, {
        [REQUEST_ID]: request.id,
        [CLIENT_REQUEST_ID]: call?.clientRequestId,
        [DIRECT]: request.headers[DIRECT],
        [TRACE_PARENT]: traceparent,
        [TRACE_STATE]: tracestate,
        [BAGGAGE]: call?.baggage,
        [TIMEOUT_MS]: String(timeoutMs),
        [INTERNAL_TOKEN]: await this.tokens.tokenFor(context),
      }),
      body: this.bodyOf(request),
      signal: call?.cancellation ? abortOf(call.cancellation) : null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    };
  }
}

/** A request with an Idempotency-Key has the same effect however often it arrives; a streamed body is gone. */
function mayRepeat({ method, headers }: FastifyRequest, { body }: Described, error: unknown): boolean {
  if (body && !Buffer.isBuffer(body)) return false;
  return READ_ONLY.has(method) || headers['idempotency-key'] !== undefined || hasNotBegun(error);
}

/** The rest of a response. When it breaks here, the client has received nothing yet. */
async function readAnswer(body: Readable, context: ContextName): Promise<Buffer> {
  try {
    return await readAll(body);
  } catch (error) {
    throw asSeenByClient(error, context);
  }
}

/**
 * A response that is streamed, once its first byte is there: until then the client has received nothing, and gets an
 * error of its own.
 */
async function beganAnswer(body: Readable, context: ContextName): Promise<Readable> {
  const cancellation = currentCall()?.cancellation;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onBegin = (): void => resolve();
  const onError = (error: Error): void => reject(cancellation?.reason ?? error);
  body.once('readable', onBegin).once('end', onBegin).once('error', onError);
  try {
    await promise;
    return body;
  } catch (error) {
    throw asSeenByClient(error, context);
  } finally {
    body.off('readable', onBegin).off('end', onBegin).off('error', onError);
  }
}

/** Throws the reason of a cancellation in place of undici's error, which does not carry it. */
function whyItEnded(error: unknown): never {
  throw currentCall()?.cancellation?.reason ?? error;
}

/** Aborts an undici request at lower cost than an AbortSignal: most calls are never cancelled. */
function abortOf(cancellation: CancellationToken): EventEmitter {
  const abort = new EventEmitter();
  cancellation.onCancel(() => abort.emit('abort'));
  return abort;
}

function proxySpan(method: string, context: ContextName): SpanDescription {
  return {
    name: method,
    kind: 'client',
    attributes: { 'http.request.method': method, 'fissile.context': context },
  };
}

/** A client that sends slowly, or sends too much, is not a failure of the context that waits for the rest. */
function isClients(error: unknown, request: FastifyRequest): boolean {
  if (hasCode(error, 'payload_too_large')) return true;
  return !request.raw.complete && hasCode(error, 'deadline_exceeded');
}
