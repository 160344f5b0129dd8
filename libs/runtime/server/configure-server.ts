import cors from '@fastify/cors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AccessGuard } from '@fissile/kit/auth';
import { ContextError, GATEWAY } from '@fissile/kit/contract';
import { HealthRegistry } from '@fissile/kit/health';
import { HttpSettings, ProblemFilter, validationPipe } from '@fissile/kit/http';
import { HttpMetrics } from '@fissile/kit/observability';
import { EdgeThrottlerGuard } from '@fissile/kit/gateway';
import { currentCall, ENDPOINT, INTERNAL_TOKEN } from '@fissile/kit/request';
import { InternalTokens, Placement } from '@fissile/kit/rpc';
import { DeadlineInterceptor } from './deadline.interceptor.js';
import { openCallContext, served, type ServerPlace } from './http-call-context.js';
import { addSecurityHeaders } from './security-headers.js';

/** What every process does with every request, whichever contexts it hosts. */
export async function configureServer(
  app: NestFastifyApplication,
  { isEdge, trustsTraces }: ServerPlace,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  acceptJsonAlone(fastify);
  openCallContext(fastify, app.get<HttpSettings>(HttpSettings), { isEdge, trustsTraces });
  countRequests(fastify, app.get(HttpMetrics));
  closeConnectionsWhileStopping(fastify, app.get(HealthRegistry));
  if (!isEdge) {
    requireInternalToken(fastify, app.get(InternalTokens), app.get(Placement));
    addEndpointHeader(fastify);
  }
  addSecurityHeaders(fastify);
  if (isEdge) await app.register(cors, corsOptions(app.get<HttpSettings>(HttpSettings).CORS_ORIGINS));
  // The limit comes first: it holds for requests with a bad token too.
  if (isEdge) app.useGlobalGuards(app.get(EdgeThrottlerGuard, { strict: false }));
  app.useGlobalGuards(app.get(AccessGuard));
  app.useGlobalPipes(validationPipe);
  app.useGlobalInterceptors(new DeadlineInterceptor());
  app.useGlobalFilters(new ProblemFilter());
}

function acceptJsonAlone(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser('text/plain');
}

/** What anyone on the internal network may read: whether the process is well. */
const OPEN_PATHS = /^\/(health(\/(live|ready|startup))?|metrics)(\?|$)/;

/** What still arrives on a connection that was open is served; the answer tells the client to open another. */
function closeConnectionsWhileStopping(fastify: FastifyInstance, health: HealthRegistry): void {
  fastify.addHook('onSend', async (_request, reply) => {
    if (health.isStopping) void reply.header('Connection', 'close');
  });
}

/** Behind the edge, a process serves the gateway alone. */
function requireInternalToken(fastify: FastifyInstance, tokens: InternalTokens, placement: Placement): void {
  fastify.addHook('onRequest', async (request) => {
    if (OPEN_PATHS.test(request.url)) return;
    const token = request.headers[INTERNAL_TOKEN];
    const process = await tokens.verify(typeof token === 'string' ? token : undefined, placement.identities);
    const hosts = placement.hostsOf(process.name) ?? process.hosts;
    if (hosts && !hosts.includes(GATEWAY)) {
      tokens.failures.add('caller', `${process.name} sends HTTP requests, which the gateway alone does`);
      throw ContextError.of('internal_port');
    }
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The template of the route that answered, where that was in another process. */
    endpoint?: string;
  }
}

/** The gateway counts requests by the route's template, which only the process that has the route knows. */
function addEndpointHeader(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply) => {
    void reply.header(ENDPOINT, request.routeOptions.url ?? 'unmatched');
  });
}

function countRequests(fastify: FastifyInstance, metrics: HttpMetrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    metrics.record({ ...served(request, reply), traceId: currentCall()?.traceId });
    done();
  });
}

function corsOptions(origins: readonly string[]) {
  return {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: [
      'ETag',
      'Location',
      'Retry-After',
      'X-Request-Id',
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset',
      'Age',
      'X-Fissile-Fallback',
      'X-Fissile-Stale',
    ],
    maxAge: 600,
  };
}
