import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { ContextError } from '@fissile/kit/contract';
import { inexactFields, RAW_BODY, RequestInvalid } from '@fissile/kit/http';

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;
const UTF8 = /^utf-?8$/i;

/** The parser also refuses what would reach the prototype of an object. */
const UNREADABLE =
  'The body is empty or not valid JSON, or has a field `__proto__` or `constructor.prototype`';

/** The bodies that a context reads: JSON in UTF-8, as RFC 8259 has it, and nothing that would be stored as something else. */
export function acceptJsonAlone(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    requireUtf8(request, body);
    if (RAW_BODY in request.routeOptions.config) return done(null, body);
    const text = body.toString('utf8');
    void parse(request, text, (error, value: unknown) => {
      if (error) return done(ContextError.of('malformed_request', UNREADABLE));
      const faults = inexactFields(text, value);
      if (faults.length === 0) done(null, value);
      else done(new RequestInvalid(faults));
    });
  });
}

/** @throws ContextError unsupported_media_type, malformed_request */
function requireUtf8({ headers }: FastifyRequest, body: Buffer): void {
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !UTF8.test(charset))
    throw ContextError.of('unsupported_media_type', 'The body has to be in UTF-8');
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity')
    throw ContextError.of('unsupported_media_type', 'The body must not have a Content-Encoding');
  if (!isUtf8(body)) throw ContextError.of('malformed_request', 'The body is not in UTF-8');
}
