import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  type ThrottlerLimitDetail,
  type ThrottlerModuleOptions,
  ThrottlerGuard,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { AccessTokenVerifier } from '#libs/auth';
import { ContextError } from '#libs/contracts';
import { ThrottleSettings } from './throttle.settings.js';

/** Limits each client, whichever routes it calls: a user by the access token, anyone else by address. */
@Injectable()
export class EdgeThrottlerGuard extends ThrottlerGuard {
  protected override headerPrefix = 'RateLimit';

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() storage: ThrottlerStorage,
    reflector: Reflector,
    private readonly tokens: AccessTokenVerifier,
    private readonly settings: ThrottleSettings,
  ) {
    super(options, storage, reflector);
  }

  protected override async shouldSkip(): Promise<boolean> {
    return !this.settings.THROTTLE_ENABLED;
  }

  protected override async getTracker(request: Record<string, unknown>): Promise<string> {
    const { headers } = request as unknown as FastifyRequest;
    const userId = await this.tokens.userOf(headers.authorization);
    return userId ? `user ${userId}` : `address ${await super.getTracker(request)}`;
  }

  /** One bucket for all routes of a client. */
  protected override generateKey(_context: ExecutionContext, tracker: string): string {
    return tracker;
  }

  protected override async throwThrottlingException(
    context: ExecutionContext,
    { limit, timeToExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    const { res } = this.getRequestResponse(context);
    this.setResponseHeader(res, `${this.headerPrefix}-Limit`, limit);
    this.setResponseHeader(res, `${this.headerPrefix}-Remaining`, 0);
    this.setResponseHeader(res, `${this.headerPrefix}-Reset`, timeToExpire);
    throw ContextError.of(
      'too_many_requests',
      'This client sends more requests than it may; see Retry-After',
    );
  }
}
