import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';

/** What is read of a body that was refused for its length, and thrown away. */
const READ_AT_MOST_BYTES = 32 * 1024 * 1024;

/**
 * Most clients send all of a body before they read. When the connection is closed under them, they see a broken pipe in place of
 * the answer: so what a body has beyond the limit is read and thrown away, up to a limit of its own and for no longer than any
 * request may take.
 */
export function readOnAfterRefusal(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    const { raw } = request;
    const declared = Number(raw.headers['content-length'] ?? 0);
    if (reply.statusCode !== 413 || raw.complete || declared > READ_AT_MOST_BYTES) return done();
    reply.removeHeader('connection');
    throwAway(raw);
    // Node closes the connection with the end of the answer where the client has asked for that, so the answer waits for the body.
    if (/close/i.test(raw.headers.connection ?? '')) finished(raw, () => done());
    else done();
  });
}

function throwAway(request: IncomingMessage): void {
  let left = READ_AT_MOST_BYTES;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.socket.destroy();
  });
  // It may have been paused by who read it until then.
  request.resume();
}
