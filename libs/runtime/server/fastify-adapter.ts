import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { IncomingMessage } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type HttpSettings, originForm, toProblem } from '@fissile/kit/http';
import { TRACE_PARENT } from '@fissile/kit/request';
import { traceIdOf } from '@fissile/kit/observability';
import type { ServerPlace } from './http-call-context.js';
import { clientRequestIdOf, requestIdOf } from './request-ids.js';
import { SECURITY_HEADERS } from './security-headers.js';

/**
 * The HTTP server of a process, with its limits. Behind the edge, requests come from the gateway alone, which says whose
 * they are.
 */
export function createAdapter(settings: HttpSettings, place: ServerPlace): FastifyAdapter {
  const { isEdge } = place;
  return new FastifyAdapter({
    bodyLimit: settings.BODY_LIMIT_BYTES,
    requestTimeout: settings.REQUEST_TIMEOUT_MS,
    connectionTimeout: 0,
    keepAliveTimeout: settings.KEEP_ALIVE_TIMEOUT_MS,
    http: {
      maxHeaderSize: settings.HEADER_LIMIT_BYTES,
      headersTimeout: Math.min(settings.REQUEST_TIMEOUT_MS, 15_000),
      // How often Node checks for connections that have timed out.
      connectionsCheckingInterval: 1_000,
    },
    trustProxy: isEdge ? believed(settings.TRUST_PROXY) : true,
    genReqId: (request: IncomingMessage) => requestIdOf(request, isEdge),
    rewriteUrl: targetOf,
    forceCloseConnections: 'idle',
    // A request that still arrives while the process stops is refused by us, as a problem like any other.
    return503OnClosing: false,
    // A path that is too long for its route is answered by the route, like any other unknown path.
    routerOptions: { maxParamLength: settings.HEADER_LIMIT_BYTES },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      void answerUnroutable(error, request, reply, place),
  });
}

/** What Fastify cannot route, such as a path with a broken escape, is answered like every other error. */
async function answerUnroutable(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  { isEdge, trustsTraces }: ServerPlace,
): Promise<void> {
  const traceparent = trustsTraces ? request.headers[TRACE_PARENT] : undefined;
  const problem = toProblem(error, traceIdOf(traceparent));
  await reply
    .code(problem.status)
    // The hook that gives them to other answers has not run.
    .headers(SECURITY_HEADERS)
    .header('X-Request-Id', clientRequestIdOf(request, isEdge) ?? request.id)
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}

/** Fastify takes no number, since it stands for whoever connects: that only the proxy can connect is up to the network. */
function believed(
  proxies: HttpSettings['TRUST_PROXY'],
): boolean | string[] | ((address: string, hop: number) => boolean) {
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : proxies;
}

/** From here on, everything sees one spelling of what is asked for. */
function targetOf({ url }: IncomingMessage): string {
  return originForm(url ?? '/');
}
