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
import { AccessTokenVerifier, isAdmin } from '@fissile/kit/auth';
import { ContextError } from '@fissile/kit/contract';
import { clientNetwork, type EdgeLimits } from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { BucketStorage, type RateLimitResult } from './bucket-storage.js';
import { ClientLimits } from './client-limits.js';
import { ThrottleMetrics } from './throttle-metrics.js';
import { ThrottleSettings } from './throttle.settings.js';
import type { RequestCost, Taken } from './token-bucket.js';

/**
 * Limits each client: a user by the access token and by address, anyone else by address. Each has one bucket for all routes, and
 * one more for each route that has its own limit.
 */
@Injectable()
export class EdgeThrottlerGuard extends ThrottlerGuard implements EdgeLimits {
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

  async checkPage(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!this.settings.THROTTLE_ENABLED) return;
    const client = `address ${await this.addressOf(request)}`;
    this.answer(reply, [await this.charge(client, [this.limits.costOfPage(client)])]);
  }

  private async limit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const caller = await this.tokens.callerOf(request.headers.authorization);
    const address = `address ${await this.addressOf(request)}`;
    const charged: Charged[] = [];
    for (const client of clientsOf(caller, address)) {
      charged.push(await this.charge(client, this.limits.costsOf(client, caller, request.raw)));
      if (charged.at(-1)?.taken.some(({ allowed }) => !allowed)) break;
    }
    this.answer(reply, charged);
  }

  private async charge(client: string, costs: readonly RequestCost[]): Promise<Charged> {
    return { costs, ...(await this.take(client, costs)) };
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
  private answer(reply: FastifyReply, charged: readonly Charged[]): void {
    const costs = charged.flatMap((each) => each.costs);
    const taken = charged.flatMap((each) => each.taken);
    const fromFallback = charged.some((each) => each.fromFallback);
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

/** What a client was charged for a request. */
interface Charged extends RateLimitResult {
  readonly costs: readonly RequestCost[];
}

/**
 * Who pays for a request. A user's counts against the address too, since anyone can have many accounts; but an admin's does not,
 * whose work would be limited by what others at the address do.
 */
function clientsOf(caller: Caller | undefined, address: string): string[] {
  if (!caller) return [address];
  return isAdmin(caller) ? [`user ${caller.userId}`] : [`user ${caller.userId}`, address];
}

/** The bucket to report to the client: the one that refuses for longest, else the one with the fewest tokens left. */
function indexOfTightest(taken: readonly Taken[]): number {
  const tightness = ({ retryAfter, remaining }: Taken): number => retryAfter || -remaining - 1;
  const values = taken.map(tightness);
  return values.indexOf(Math.max(...values));
}
