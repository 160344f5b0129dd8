import { Logger } from '@nestjs/common';
import cors from '@fastify/cors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isProduction } from '@fissile/kit/config';
import { AccessGuard } from '@fissile/kit/auth';
import { ContextError, GATEWAY, hasCode } from '@fissile/kit/contract';
import { HealthRegistry } from '@fissile/kit/health';
import { EdgeLimits, HttpSettings, ProblemFilter, validationPipe } from '@fissile/kit/http';
import { HttpMetrics } from '@fissile/kit/observability';
import { currentCall, ENDPOINT, INTERNAL_TOKEN, REFUSED } from '@fissile/kit/request';
import { hostsOf, InternalTokens, Placement, RequestsUnderWay } from '@fissile/kit/rpc';
import { hideFromPublic } from './admin-port.js';
import { DeadlineInterceptor } from './deadline.interceptor.js';
import { markDirectRequests } from './direct-requests.js';
import { guardConnections } from './guarded-connections.js';
import { openCallContext, served, type ServerPlace } from './http-call-context.js';
import { acceptJsonAlone } from './json-bodies.js';
import { refuseMalformedRequests } from './malformed-requests.js';
import { keepOutOfCaches } from './personal-answers.js';
import { readOnAfterRefusal } from './refused-bodies.js';
import { addSecurityHeaders } from './security-headers.js';

/** What every process does with every request, whichever contexts it hosts. */
export async function configureServer(app: NestFastifyApplication, place: ServerPlace): Promise<void> {
  const { isEdge } = place;
  const fastify = app.getHttpAdapter().getInstance();
  acceptJsonAlone(fastify);
  if (isEdge) markDirectRequests(fastify);
  openCallContext(fastify, app.get<HttpSettings>(HttpSettings), place);
  countRequests(fastify, app.get(HttpMetrics));
  countUnderWay(fastify, app.get(Placement), app.get(RequestsUnderWay));
  guardConnections(fastify.server, app.get<HttpSettings>(HttpSettings).UNREAD_TIMEOUT_MS);
  readOnAfterRefusal(fastify);
  keepOutOfCaches(fastify);
  closeConnectionsWhileStopping(fastify, app.get(HealthRegistry));
  if (!isEdge) {
    requireInternalToken(fastify, app.get(InternalTokens), app.get(Placement));
    addEndpointHeader(fastify);
  }
  addSecurityHeaders(fastify);
  refuseMalformedRequests(fastify);
  if (isEdge) await app.register(cors, corsOptions(app.get<HttpSettings>(HttpSettings).CORS_ORIGINS));
  const { ADMIN_PORT } = app.get<HttpSettings>(HttpSettings);
  if (isEdge && ADMIN_PORT !== undefined) hideFromPublic(fastify, ADMIN_PORT);
  if (isEdge) limitPages(fastify, app);
  if (isEdge) warnOfTrust(app.get<HttpSettings>(HttpSettings));
  // The limit comes first: it holds for requests with a bad token too.
  if (isEdge) app.useGlobalGuards(app.get(EdgeLimits, { strict: false }));
  app.useGlobalGuards(app.get(AccessGuard));
  app.useGlobalPipes(validationPipe);
  app.useGlobalInterceptors(new DeadlineInterceptor());
  app.useGlobalFilters(new ProblemFilter());
}

/** Polled by what keeps the process running, which must not be refused; each is cheap, or shared by who asks. */
const PROBES = /^\/health\/(live|ready|startup)(\?|$)/;

/** Whatever is no route of the API has a limit of its own by address: documents, pages, metrics, and what is not there. */
function limitPages(fastify: FastifyInstance, app: NestFastifyApplication): void {
  const limits = app.get(EdgeLimits, { strict: false });
  const { product } = app.get(Placement);
  const ofApi = ['/api', ...product.contextNames.flatMap((context) => product.pathsOf(context))];
  const isOfApi = (url: string): boolean => ofApi.some((path) => url === path || url.startsWith(`${path}/`));
  fastify.addHook('onRequest', async (request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const isLimitedByRoute = isOfApi(path) && !request.is404;
    if (!isLimitedByRoute && !PROBES.test(path)) await limits.checkPage(request, reply);
  });
}

function warnOfTrust({ TRUST_PROXY }: HttpSettings): void {
  if (TRUST_PROXY !== true || !isProduction()) return;
  new Logger('Http').warn(
    'TRUST_PROXY=true: any client may choose the address that its requests are counted by. Name the proxies, or their number',
  );
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
  fastify.addHook('onRequest', async (request, reply) => {
    if (OPEN_PATHS.test(request.url)) return;
    try {
      await expectGateway(request, tokens, placement);
    } catch (error) {
      // The gateway must not take it for what the context answers: its clients have done nothing wrong.
      if (hasCode(error, 'internal_port')) void reply.header(REFUSED, 'true');
      throw error;
    }
  });
}

/** @throws ContextError internal_port, or unavailable as InternalTokens.verify() does */
async function expectGateway(
  { headers }: FastifyRequest,
  tokens: InternalTokens,
  placement: Placement,
): Promise<void> {
  const token = headers[INTERNAL_TOKEN];
  const process = await tokens.verify(typeof token === 'string' ? token : undefined, placement.identities);
  const hosts = hostsOf(process, placement);
  if (!hosts || hosts.includes(GATEWAY)) return;
  tokens.failures.add('caller', `${process.name} sends HTTP requests, which the gateway alone does`);
  throw ContextError.of('internal_port');
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

/** What a context that moves away has to end here; a context's requests are those for its paths. */
function countUnderWay(fastify: FastifyInstance, placement: Placement, underWay: RequestsUnderWay): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { url } = request.routeOptions;
    const owner = url === undefined ? undefined : placement.ownerOf(url);
    if (owner !== undefined && placement.isLocal(owner)) reply.raw.once('close', underWay.begin(owner));
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
