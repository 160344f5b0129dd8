import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PAGE_ROUTES } from '@fissile/kit/auth';

/** A page has a session of its own: the cookie of one goes to the routes of that page alone. */
export const PageName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected the name of a page: small letters, digits and hyphens');

/** The refresh token that the browser keeps for a page. */
export function readPageCookie(request: FastifyRequest): string | undefined {
  const name = nameFor(request);
  const cookies = (request.headers.cookie ?? '').split(/; */);
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) || undefined;
}

/**
 * Has the browser keep it until it is closed, out of reach of scripts, and send it to the routes of this page alone, when a page of this
 * site asks.
 */
export function writePageCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  page: string,
  refreshToken: string,
): void {
  void reply.header('Set-Cookie', cookie(request, page, refreshToken));
}

export function clearPageCookie(request: FastifyRequest, reply: FastifyReply, page: string): void {
  void reply.header('Set-Cookie', `${cookie(request, page, '')}; Max-Age=0`);
}

function cookie(request: FastifyRequest, page: string, value: string): string {
  const always = `${nameFor(request)}=${value}; Path=${PAGE_ROUTES}/${page}; HttpOnly; SameSite=Strict`;
  return isHttps(request) ? `${always}; Secure` : always;
}

/** By this prefix a browser takes it from a secure page alone. */
const nameFor = (request: FastifyRequest): string =>
  isHttps(request) ? '__Secure-fissile-session' : 'fissile-session';

/** The page knows it even where a proxy is not believed. */
function isHttps({ protocol, headers: { origin } }: FastifyRequest): boolean {
  return protocol === 'https' || origin?.startsWith('https://') === true;
}
