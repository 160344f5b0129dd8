import { type CanActivate, type ExecutionContext, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ContextError, hasCode } from '@fissile/kit/contract';
import { currentCall } from '@fissile/kit/request';
import { ACCESS, type Access } from '@fissile/kit/http';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { AccessRefusals } from './access-refusals.js';
import { isAdmin } from './current-user.js';

/** As Fastify and Express have it. */
type RoutedRequest = FastifyRequest & { readonly route?: { readonly path?: string } };

/** Lets a request through to its route as the route's access policy says. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokenVerifier,
    @Optional() private readonly refusals?: AccessRefusals,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<RoutedRequest>();
    const { authorization } = request.headers;
    const caller = await this.tokens.verify(authorization).catch((error: unknown) => {
      if (hasCode(error, 'unauthenticated')) {
        void http.getResponse<FastifyReply>().header('WWW-Authenticate', 'Bearer');
        if (access !== 'user') this.refusals?.add({ route: routeOf(request), reason: 'unauthenticated' });
      }
      throw error;
    });
    if (access !== 'user' && !isAdmin(caller)) {
      const reason = caller.lacks ? 'second_factor_not_set_up' : 'forbidden';
      this.refusals?.add({ route: routeOf(request), reason, caller, authorization });
      throw ContextError.of(reason);
    }
    const call = currentCall();
    // Only a token that was found good goes along with calls to other contexts.
    if (call) Object.assign(call, { caller, authorization });
    return true;
  }
}

/** By its template: what a client writes in a path may be anything. */
function routeOf({ method, routeOptions, route }: RoutedRequest): string {
  const template = (routeOptions as FastifyRequest['routeOptions'] | undefined)?.url ?? route?.path;
  return `${method} ${template ?? 'unknown route'}`;
}
