import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AccessGuard, AccessTokenVerifier } from '@fissile/kit/auth';
import { ACCESS } from '@fissile/kit/http';
import { currentCall } from '@fissile/kit/request';

/**
 * Holds routes to their access policy where they have one. All others belong to the application and its guards: they are
 * never denied, and what they call sees the caller when the request has a token that is good for the product.
 */
@Injectable()
export class ContextAccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly guard: AccessGuard,
    private readonly tokens: AccessTokenVerifier,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access: unknown = this.reflector.getAllAndOverride(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    return access === undefined ? this.identify(context) : this.guard.canActivate(context);
  }

  private async identify(context: ExecutionContext): Promise<boolean> {
    const call = currentCall();
    if (!call || context.getType() !== 'http') return true;
    const { headers } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    const caller = await this.tokens.callerOf(headers.authorization);
    if (caller) Object.assign(call, { caller, authorization: headers.authorization });
    return true;
  }
}
