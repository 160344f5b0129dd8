import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AccessGuard } from '#libs/auth';
import { HttpSettings, ProblemFilter, validationPipe } from '#libs/http';
import { HttpMetrics } from '#libs/telemetry';
import { EdgeThrottlerGuard } from '#libs/throttling';
import { runInCall } from '#libs/transport';
import { traceIdOf } from './trace-context.js';

/** What every process does with every request, whichever contexts it hosts. */
export async function configureServer(
  app: NestFastifyApplication,
  { isEdge }: { isEdge: boolean },
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  acceptJsonAlone(fastify);
  openCallContext(fastify);
  countRequests(fastify, app.get(HttpMetrics));
  await app.register(helmet, { contentSecurityPolicy: CONTENT_POLICY });
  await app.register(cors, corsOptions(app.get<HttpSettings>(HttpSettings).CORS_ORIGINS));
  // The limit comes first: it holds for requests with a bad token too.
  if (isEdge) app.useGlobalGuards(app.get(EdgeThrottlerGuard, { strict: false }));
  app.useGlobalGuards(app.get(AccessGuard));
  app.useGlobalPipes(validationPipe);
  app.useGlobalFilters(new ProblemFilter());
}

/** Swagger UI needs inline styles and data images; nothing else of the API is a page. */
const CONTENT_POLICY = {
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    frameAncestors: ["'none'"],
    // The API is served over plain HTTP on a developer's machine.
    upgradeInsecureRequests: null,
  },
};

function acceptJsonAlone(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser('text/plain');
}

function openCallContext(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('X-Request-Id', request.id);
    runInCall({ requestId: request.id, traceId: traceIdOf(request.headers['traceparent']) }, done);
  });
}

function countRequests(fastify: FastifyInstance, metrics: HttpMetrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    metrics.record({
      method: request.method,
      endpoint: request.routeOptions.url ?? 'unmatched',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
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
    ],
    maxAge: 600,
  };
}
