import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ContextError } from '@fissile/kit/contract';

/**
 * Lets requests of the product's own pages through. A cookie goes along whoever makes the browser send a request: a header that no form
 * can send has to show that it is a script's, which another origin may send only if CORS allows it, and the browser says which
 * origin it is from.
 */
@Injectable()
export class OwnPageGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.headers['x-requested-with'] === undefined) {
      throw ContextError.of('forbidden', 'This route is for pages: they send the header X-Requested-With');
    }
    if (!isOfThisOrigin(request)) {
      throw ContextError.of('forbidden', 'This route is for pages of this origin');
    }
    return true;
  }
}

/** What no browser has sent names no origin, and has no cookie but its own. */
function isOfThisOrigin({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  // Also where a proxy has changed the host; browsers send it over HTTPS and to this machine.
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  return origin === undefined || hostOf(origin) === host;
}

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined;
