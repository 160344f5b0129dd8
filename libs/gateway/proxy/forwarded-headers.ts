import type { FastifyRequest } from 'fastify';
import { ENDPOINT, REFUSED, STOPPING } from '@fissile/kit/request';

/** RFC 9110, 7.6.1: hop-by-hop headers, which are not forwarded. */
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

/** Headers with which the context tells the gateway something. */
const FOR_GATEWAY: ReadonlySet<string> = new Set([ENDPOINT, REFUSED, STOPPING]);

/** Headers that a client must not set: the gateway sets them, or handles them itself. */
const OURS =
  /^(x-forwarded-|forwarded$|x-fissile-|x-request-id$|traceparent$|tracestate$|baggage$|host$|expect$)/;

/** Clients send the same few names repeatedly. */
const REMEMBER_AT_MOST = 200;
const known = new Map<string, boolean>();

function isCallerFault(name: string): boolean {
  const remembered = known.get(name);
  if (remembered !== undefined) return remembered;
  const ours = OURS.test(name);
  if (known.size < REMEMBER_AT_MOST) known.set(name, ours);
  return ours;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The client's headers as the context receives them. */
export function requestHeaders(request: FastifyRequest, added: Headers): Record<string, string | string[]> {
  return {
    ...passedOn(request.headers, isCallerFault),
    // The address that the gateway trusts, not the list that the client sent.
    'x-forwarded-for': request.ip,
    'x-forwarded-proto': request.protocol,
    'x-forwarded-host': request.host,
    ...passedOn(added),
  };
}

/** The context's headers as the client receives them. */
export function responseHeaders(headers: Headers): Record<string, string | string[]> {
  return passedOn(headers, (name) => FOR_GATEWAY.has(name));
}

function passedOn(
  headers: Headers,
  isDropped: (name: string) => boolean = () => false,
): Record<string, string | string[]> {
  const named = namedBy(headers['connection']);
  const kept: Record<string, string | string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || HOP_BY_HOP.has(name) || named?.has(name) || isDropped(name)) continue;
    kept[name] = value;
  }
  return kept;
}

/** The headers that the `connection` header lists as hop-by-hop. */
function namedBy(connection: string | string[] | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive') return undefined;
  const names = String(connection).split(',');
  return new Set(names.map((name) => name.trim().toLowerCase()));
}
