import { type CanActivate, type ExecutionContext, UnauthorizedException } from '@nestjs/common';

/** Lets nobody in without the key. */
export class ApiKeyGuard implements CanActivate {
  constructor(private readonly key: string) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    if (headers['x-api-key'] !== this.key) throw new UnauthorizedException('The key is wrong');
    return true;
  }
}
