import { FastifyAdapter } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpSettings } from '#libs/http';

/** Ids that clients may choose: no way to smuggle anything into headers or logs. */
const ACCEPTABLE_REQUEST_ID = /^[A-Za-z0-9._:-]{1,100}$/;

/**
 * The HTTP server of a process, with its limits. Behind the edge, requests come from the gateway alone, which says whose
 * they are.
 */
export function createAdapter(settings: HttpSettings, { isEdge }: { isEdge: boolean }): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: settings.BODY_LIMIT_BYTES,
    requestTimeout: settings.REQUEST_TIMEOUT_MS,
    connectionTimeout: 0,
    keepAliveTimeout: settings.KEEP_ALIVE_TIMEOUT_MS,
    http: {
      maxHeaderSize: settings.HEADER_LIMIT_BYTES,
      headersTimeout: Math.min(settings.REQUEST_TIMEOUT_MS, 15_000),
      // How often Node looks for connections that have passed their time.
      connectionsCheckingInterval: 1_000,
    },
    trustProxy: isEdge ? settings.TRUST_PROXY : true,
    genReqId: requestIdOf,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 200 },
  });
}

function requestIdOf(request: IncomingMessage): string {
  const offered = request.headers['x-request-id'];
  return typeof offered === 'string' && ACCEPTABLE_REQUEST_ID.test(offered) ? offered : randomUUID();
}
