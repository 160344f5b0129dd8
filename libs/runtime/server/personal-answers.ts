import type { FastifyInstance } from 'fastify';

/** Requests whose answers are about nobody in particular, unless they name somebody. */
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** An answer to somebody, or to what somebody has sent, is in no cache, unless its route says otherwise. */
export function keepOutOfCaches(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    const isPersonal = request.headers.authorization !== undefined || !READS.has(request.method);
    if (isPersonal && !reply.hasHeader('cache-control')) void reply.header('Cache-Control', 'no-store');
    done();
  });
}
