import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { currentCall } from '@fissile/kit/request';

/** A body up to this size is buffered at once: streaming it costs more than holding it in memory. */
export const SMALL_BYTES = 64 * 1024;

/**
 * Accepts bodies of any content type unparsed: the context that receives them validates them. Buffers a small body in
 * the gateway, so that a client that sends it slowly occupies no connection to a context.
 */
export function passBodiesOn(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (request, payload, done) => {
    if (isSmall(request.headers)) readAll(payload as Readable).then((body) => done(null, body), done);
    else done(null, payload);
  });
}

/** The same for a request whose body nothing has read; undefined where there is none. */
export async function unparsedBody({ raw, headers }: FastifyRequest): Promise<Buffer | Readable | undefined> {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (!hasBody) return undefined;
  return isSmall(headers) ? readAll(raw) : raw;
}

export function isSmall(headers: FastifyRequest['headers'] | Readonly<Record<string, unknown>>): boolean {
  return Number(headers['content-length'] ?? Infinity) <= SMALL_BYTES;
}

/**
 * Rejects with the cancellation's reason when the call is cancelled first. It then leaves the stream open, since its
 * client may still get a response.
 */
export function readAll(stream: Readable): Promise<Buffer> {
  const cancellation = currentCall()?.cancellation;
  return new Promise<Buffer>((resolve, reject) => {
    const onCancel = (): void => reject(cancellation?.reason ?? new Error('the call has ended'));
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    stream.once('error', (error: Error) => reject(cancellation?.reason ?? error));
    stream.once('close', () => reject(new Error('the connection was closed')));
    stream.once('close', () => cancellation?.offCancel(onCancel));
    cancellation?.onCancel(onCancel);
  });
}
