import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AccessGuard } from '@fissile/kit/auth';
import { ACCESS } from '@fissile/kit/http';

/** Holds routes to their access policy where they have one; all others belong to the application and its guards. */
@Injectable()
export class ContextAccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly guard: AccessGuard,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access: unknown = this.reflector.getAllAndOverride(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    return access === undefined || this.guard.canActivate(context);
  }
}
