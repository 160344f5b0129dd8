import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { ContextName } from '@fissile/kit/contract';
import { Discovery, Breakers, Placement } from '@fissile/kit/rpc';
import { HealthRegistry } from '@fissile/kit/health';
import { ProblemFilter } from '@fissile/kit/http';
import { EdgeThrottlerGuard } from '../throttling/edge-throttler.guard.js';
import { passBodiesOn } from './bodies.js';
import { healthOf } from './context-health.js';
import { ContextProxy } from './context-proxy.js';

/** Routes the public paths of remote contexts; Nest mounts those of contexts in this process. */
@Injectable()
export class ProxyRoutes implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly placement: Placement,
    private readonly discovery: Discovery,
    private readonly proxy: ContextProxy,
    private readonly limit: EdgeThrottlerGuard,
    private readonly health: HealthRegistry,
    private readonly breakers: Breakers,
  ) {}

  onModuleInit(): void {
    const remote = this.placement.remoteContexts;
    if (remote.length === 0) return;
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    for (const context of remote) {
      const breaker = this.breakers.forRequests(context);
      this.health.addSource(healthOf(context, this.discovery, () => breaker.state === 'open'));
    }
    // Fastify loads this when it starts: awaiting it would start Fastify before Nest has registered the rest.
    void fastify.register(async (scope) => {
      passBodiesOn(scope);
      const filter = new ProblemFilter();
      scope.setErrorHandler((error, request, reply) => filter.answer(error, request, reply));
      // The same rate limit, at the same stage, as for routes that Nest mounts.
      scope.addHook('preParsing', async (request, reply) => this.limit.check(request, reply));
      for (const context of remote) this.route(scope, context);
    });
  }

  private route(scope: FastifyInstance, context: ContextName): void {
    for (const path of this.placement.product.pathsOf(context)) {
      for (const url of [path, `${path}/*`]) {
        scope.all(url, (request, reply) => this.proxy.forward(context, request, reply));
      }
    }
  }
}
