import type { FastifyRequest } from 'fastify';
import { ENDPOINT, STOPPING } from '#libs/transport';

/** RFC 9110, 7.6.1: what belongs to one connection and is not passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What a client must not say: the gateway says it, or answers it itself. */
const OURS = /^(x-forwarded-|forwarded$|x-fissile-|x-request-id$|traceparent$|host$|expect$)/;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The client's headers as a context gets them. */
export function requestHeaders(request: FastifyRequest, added: Headers): Record<string, string | string[]> {
  return {
    ...passedOn(request.headers, (name) => OURS.test(name)),
    // The address that the gateway believes in, not the list that the client sent.
    'x-forwarded-for': request.ip,
    'x-forwarded-proto': request.protocol,
    'x-forwarded-host': request.host,
    ...passedOn(added),
  };
}

/** A context's headers as the client gets them. */
export function responseHeaders(headers: Headers): Record<string, string | string[]> {
  return passedOn(headers, (name) => name === ENDPOINT || name === STOPPING);
}

function passedOn(
  headers: Headers,
  isDropped: (name: string) => boolean = () => false,
): Record<string, string | string[]> {
  const named = String(headers['connection'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] =>
      entry[1] !== undefined &&
      !HOP_BY_HOP.has(entry[0]) &&
      !named.includes(entry[0]) &&
      !isDropped(entry[0]),
  );
  return Object.fromEntries(kept);
}
