import { Readable } from 'node:stream';
import { payloadTooLarge } from '@fissile/kit/http';

/** A body without a declared length, up to a limit. Reading more throws ContextError payload_too_large. */
export function limitedBody(body: Readable, maxBytes: number): Readable {
  return Readable.from(upTo(maxBytes, body), { objectMode: false });
}

async function* upTo(maxBytes: number, body: Readable): AsyncGenerator<Buffer> {
  let left = maxBytes;
  // A body that is too large stays open, so that its client gets the answer.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    left -= chunk.length;
    if (left < 0) throw payloadTooLarge(maxBytes);
    yield chunk;
  }
}
