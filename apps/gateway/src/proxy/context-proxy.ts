import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { ContextError, type ContextName, hasCode } from '#libs/contracts';
import { HttpSettings } from '#libs/http';
import { Breakers } from '#libs/resilience';
import { Placement } from '#libs/topology';
import { inSpan, isTracing, setOnSpan, type SpanDescription } from '#libs/tracing';
import {
  currentCall,
  ENDPOINT,
  INTERNAL_TOKEN,
  InternalTokens,
  REQUEST_ID,
  TIMEOUT_MS,
  TRACE_PARENT,
  TRACE_STATE,
  traceOf,
} from '#libs/transport';
import { CatalogueFallback } from './catalogue-fallback.js';
import { requestHeaders, responseHeaders } from './forwarded-headers.js';
import { asSeenByClient, isBrokenConnection } from './upstream-error.js';

const CONNECTIONS_PER_PROCESS = 128;
const CONNECT_TIMEOUT_MS = 1_000;
const READ_ONLY = new Set(['GET', 'HEAD']);

/** Passes requests on to the processes of contexts, as streams both ways. */
@Injectable()
export class ContextProxy implements OnApplicationShutdown {
  private readonly agent = new Agent({
    connections: CONNECTIONS_PER_PROCESS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  });

  constructor(
    private readonly placement: Placement,
    private readonly tokens: InternalTokens,
    private readonly settings: HttpSettings,
    private readonly breakers: Breakers,
    private readonly catalogue: CatalogueFallback,
  ) {}

  /** @throws ContextError when no answer comes back; a context's own answer, errors included, is passed on as it is */
  async forward(context: ContextName, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (Number(request.headers['content-length'] ?? 0) > this.settings.BODY_LIMIT_BYTES) {
      throw ContextError.of('payload_too_large');
    }
    const { statusCode, headers, body } = await this.catalogue.around(context, request, () =>
      this.sendTraced(context, request),
    );
    request.endpoint = String(headers[ENDPOINT] ?? 'unmatched');
    return reply.code(statusCode).headers(responseHeaders(headers)).send(body);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private sendTraced(context: ContextName, request: FastifyRequest): Promise<Dispatcher.ResponseData> {
    if (!isTracing()) return this.sendGuarded(context, request);
    return inSpan(proxySpan(request.method, this.placement.httpOriginOf(context), context), async () => {
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
    // A client that is slow to send is no fault of the context that waits for the rest.
    const isClients = (error: unknown): boolean =>
      !request.raw.complete && hasCode(error, 'deadline_exceeded');
    return this.breakers.forRequests(context).run(send, isClients);
  }

  private async send(context: ContextName, request: FastifyRequest): Promise<Dispatcher.ResponseData> {
    const options = await this.describe(context, request);
    try {
      return await this.agent.request(options);
    } catch (error) {
      // The context closed a kept connection just as it was used; what only reads can be asked for again.
      if (!READ_ONLY.has(request.method) || !isBrokenConnection(error)) throw error;
      return this.agent.request(options);
    }
  }

  private async describe(context: ContextName, request: FastifyRequest): Promise<Dispatcher.RequestOptions> {
    const call = currentCall();
    const { traceparent, tracestate } = call ? traceOf(call) : {};
    const timeoutMs = Math.max(1, (call?.deadline ?? Infinity) - Date.now());
    return {
      origin: this.placement.httpOriginOf(context),
      path: request.raw.url ?? request.url,
      method: request.method,
      headers: requestHeaders(request, {
        [REQUEST_ID]: request.id,
        [TRACE_PARENT]: traceparent,
        [TRACE_STATE]: tracestate,
        [TIMEOUT_MS]: String(timeoutMs),
        [INTERNAL_TOKEN]: await this.tokens.tokenFor(context),
      }),
      body: (request.body as Readable | undefined) ?? null,
      signal: call?.signal ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    };
  }
}

function proxySpan(method: string, origin: string, context: ContextName): SpanDescription {
  const { hostname, port } = new URL(origin);
  return {
    name: method,
    kind: 'client',
    attributes: {
      'http.request.method': method,
      'server.address': hostname,
      'server.port': Number(port),
      'fissile.context': context,
    },
  };
}
