import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ContextName } from '@fissile/kit/contract';
import { Discovery, Breakers, Placement } from '@fissile/kit/rpc';
import { HealthRegistry } from '@fissile/kit/health';
import { ProblemFilter } from '@fissile/kit/http';
import { EdgeThrottlerGuard } from '../throttling/edge-throttler.guard.js';
import { passBodiesOn, unparsedBody } from './bodies.js';
import { healthOf } from './context-health.js';
import { ContextProxy } from './context-proxy.js';

/**
 * Routes the public paths of contexts that other processes host. Nest mounts those of contexts whose code is here; while such a
 * context is hosted elsewhere, what comes for it is passed on all the same.
 */
@Injectable()
export class ProxyRoutes implements OnModuleInit {
  private readonly filter = new ProblemFilter();

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
    const { product, loadedContexts } = this.placement;
    for (const context of product.contextNames) this.reportHealthOf(context);
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    if (loadedContexts.length > 0) this.passOnWhatMovedAway(fastify);
    const remote = product.contextNames.filter((context) => !loadedContexts.includes(context));
    if (remote.length === 0) return;
    // Fastify loads this when it starts: awaiting it would start Fastify before Nest has registered the rest.
    void fastify.register(async (scope) => {
      passBodiesOn(scope);
      scope.setErrorHandler((error, request, reply) => this.filter.answer(error, request, reply));
      // The same rate limit, at the same stage, as for routes that Nest mounts.
      scope.addHook('preParsing', async (request, reply) => this.limit.check(request, reply));
      for (const context of remote) this.route(scope, context);
    });
  }

  private reportHealthOf(context: ContextName): void {
    const source = healthOf(context, this.discovery, () => {
      return this.breakers.forRequests(context).state === 'open';
    });
    this.health.addSource(async () => (this.placement.isLocal(context) ? {} : source()));
  }

  private route(scope: FastifyInstance, context: ContextName): void {
    for (const path of this.placement.product.pathsOf(context)) {
      for (const url of [path, `${path}/*`]) {
        scope.all(url, (request, reply) => this.proxy.forward(context, request, reply));
      }
    }
  }

  /** Before anything is read of the body, which may be passed on as it is. */
  private passOnWhatMovedAway(fastify: FastifyInstance): void {
    fastify.addHook('preParsing', (request, reply, body, done) => {
      const { url } = request.routeOptions;
      const context = url === undefined ? undefined : this.placement.ownerOf(url);
      if (context === undefined || this.placement.isLocal(context)) return done(null, body);
      // Whoever answers in a hook does not call what comes after it.
      void this.passOn(context, request, reply);
    });
  }

  private async passOn(context: ContextName, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      await this.limit.check(request, reply);
      request.body = await unparsedBody(request);
      await this.proxy.forward(context, request, reply);
    } catch (error) {
      this.filter.answer(error, request, reply);
    }
  }
}
