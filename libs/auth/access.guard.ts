import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { currentCall } from '@fissile/kit/request';
import { ACCESS, type Access } from '@fissile/kit/http';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { isAdmin } from './current-user.js';

/** Lets a request through to its route as the route's access policy says. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const http = context.switchToHttp();
    const { authorization } = http.getRequest<FastifyRequest>().headers;
    const caller = await this.tokens.verify(authorization).catch((error: unknown) => {
      if (hasCode(error, 'unauthenticated'))
        void http.getResponse<FastifyReply>().header('WWW-Authenticate', 'Bearer');
      throw error;
    });
    if (access !== 'user' && !isAdmin(caller)) throw ContextError.of('forbidden');
    const call = currentCall();
    // Only a token that was found good goes along with calls to other contexts.
    if (call) Object.assign(call, { caller, authorization });
    return true;
  }
}
