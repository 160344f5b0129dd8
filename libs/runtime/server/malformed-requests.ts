import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { ContextError } from '@fissile/kit/contract';

/** RFC 3986: a registered name or an address, and a port. */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(?::\d{1,5})?$/i;

/**
 * Refuses what Node's parser lets pass, and another server on the way may have understood in another way: where the request ends,
 * whom it is for, and what its query says. The connection ends with it.
 */
export function refuseMalformedRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const fault = faultOf(request.raw);
    if (fault === undefined) return done();
    void reply.header('Connection', 'close');
    done(ContextError.of('malformed_request', fault));
  });
}

function faultOf({ headers, rawHeaders, httpVersion, url = '' }: IncomingMessage): string | undefined {
  const { host, 'transfer-encoding': coding } = headers;
  if (host !== undefined && !HOST.test(host)) return 'The Host header names no host';
  if (hasTwoHosts(rawHeaders)) return 'There is more than one Host header';
  if (coding !== undefined) {
    if (httpVersion === '1.0') return 'HTTP/1.0 has no Transfer-Encoding';
    if (coding.trim().toLowerCase() !== 'chunked') return 'The Transfer-Encoding may be chunked alone';
  }
  return isDecodable(url) ? undefined : 'The query is not in UTF-8';
}

function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

/** Routers refuse a path that is not; parsers of queries leave what they cannot decode as it is. */
function isDecodable(url: string): boolean {
  const at = url.indexOf('?');
  if (at < 0 || !url.includes('%', at)) return true;
  try {
    decodeURIComponent(url.slice(at));
    return true;
  } catch {
    return false;
  }
}
