import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { currentCall } from '@fissile/kit/request';

/** A body that is no longer is read at once: to pass it on as a stream costs more than to hold it. */
export const SMALL_BYTES = 64 * 1024;

/**
 * Takes bodies of any kind as they are: the context that gets them checks them. A small one is read here, so that a client
 * that is slow to send it holds nobody but itself.
 */
export function passBodiesOn(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (request, payload, done) => {
    if (isSmall(request.headers)) readAll(payload as Readable).then((body) => done(null, body), done);
    else done(null, payload);
  });
}

export function isSmall(headers: FastifyRequest['headers'] | Readonly<Record<string, unknown>>): boolean {
  return Number(headers['content-length'] ?? Infinity) <= SMALL_BYTES;
}

/**
 * Rejects with the reason of the call that it is for when that ends first, and leaves the stream as it is then: its client may
 * still get an answer.
 */
export function readAll(stream: Readable): Promise<Buffer> {
  const cancellation = currentCall()?.cancellation;
  return new Promise<Buffer>((resolve, reject) => {
    const leave = (): void => reject(cancellation?.reason ?? new Error('the call is over'));
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    stream.once('error', (error: Error) => reject(cancellation?.reason ?? error));
    stream.once('close', () => reject(new Error('the connection broke off')));
    stream.once('close', () => cancellation?.offCancel(leave));
    cancellation?.onCancel(leave);
  });
}
