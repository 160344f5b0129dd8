import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  type ThrottlerModuleOptions,
  ThrottlerGuard,
  type ThrottlerRequest,
} from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessTokenVerifier } from '@fissile/kit/auth';
import { ContextError } from '@fissile/kit/contract';
import { clientNetwork } from '@fissile/kit/http';
import { BucketStorage, type RateLimitResult } from './bucket-storage.js';
import { ClientLimits } from './client-limits.js';
import { ThrottleMetrics } from './throttle-metrics.js';
import { ThrottleSettings } from './throttle.settings.js';
import type { RequestCost, Taken } from './token-bucket.js';

/**
 * Limits each client: identified by the access token for a user, by address otherwise. A client has one bucket for
 * all routes, and one more for each route that has its own limit.
 */
@Injectable()
export class EdgeThrottlerGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() private readonly buckets: BucketStorage,
    reflector: Reflector,
    private readonly tokens: AccessTokenVerifier,
    private readonly limits: ClientLimits,
    private readonly settings: ThrottleSettings,
    private readonly metrics: ThrottleMetrics,
  ) {
    super(options, buckets, reflector);
  }

  protected override async shouldSkip(): Promise<boolean> {
    if (this.settings.THROTTLE_ENABLED) return false;
    this.metrics.request('unlimited');
    return true;
  }

  protected override async handleRequest({ context }: ThrottlerRequest): Promise<boolean> {
    const http = context.switchToHttp();
    await this.limit(http.getRequest<FastifyRequest>(), http.getResponse());
    return true;
  }

  /** The same for a request without a handler in this process. @throws ContextError too_many_requests */
  async check(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!(await this.shouldSkip())) await this.limit(request, reply);
  }

  private async limit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const caller = await this.tokens.callerOf(request.headers.authorization);
    const client = caller ? `user ${caller.userId}` : `address ${await this.addressOf(request)}`;
    const costs = this.limits.costsOf(client, caller, request.raw);
    this.answer(reply, costs, await this.take(client, costs));
  }

  private async addressOf(request: FastifyRequest): Promise<string> {
    return clientNetwork(await super.getTracker(request));
  }

  private async take(client: string, costs: readonly RequestCost[]): Promise<RateLimitResult> {
    try {
      return await this.buckets.take(client, costs);
    } catch (error) {
      this.metrics.request('storage_failed');
      throw error;
    }
  }

  /** @throws ContextError too_many_requests */
  private answer(
    reply: FastifyReply,
    costs: readonly RequestCost[],
    { taken, fromFallback }: RateLimitResult,
  ): void {
    const index = indexOfTightest(taken);
    const { allowed = true, remaining = 0, fullAfter = 0, retryAfter = 0 } = taken[index] ?? {};
    const outcome = allowed ? 'allowed' : 'limited';
    this.metrics.request(fromFallback ? 'storage_failed' : outcome);
    void reply
      .header('RateLimit-Limit', costs[index]?.limit.burst)
      .header('RateLimit-Remaining', remaining)
      .header('RateLimit-Reset', Math.ceil(fullAfter));
    if (allowed) return;
    void reply.header('Retry-After', Math.ceil(retryAfter));
    throw ContextError.of(
      'too_many_requests',
      'This client sends more requests than it may; see Retry-After',
    );
  }
}

/** The bucket to report to the client: the one that refuses for longest, else the one with the fewest tokens left. */
function indexOfTightest(taken: readonly Taken[]): number {
  const tightness = ({ retryAfter, remaining }: Taken): number => retryAfter || -remaining - 1;
  const values = taken.map(tightness);
  return values.indexOf(Math.max(...values));
}
