/** Responses of a payment provider are a few kilobytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Fetch for untrusted responses: it follows no redirect, since that would forward the key, and reads no more than the
 * maximum size of a response.
 */
export const fetchOnce: typeof fetch = async (input, init) => {
  const { body, status, statusText, headers } = await fetch(input, { ...init, redirect: 'manual' });
  return new Response(body?.pipeThrough(upTo(MAX_ANSWER_BYTES)) ?? null, { status, statusText, headers });
};

function upTo(limit: number): TransformStream<Uint8Array, Uint8Array> {
  let left = limit;
  return new TransformStream({
    transform(chunk, controller) {
      left -= chunk.byteLength;
      if (left < 0) controller.error(new Error(`The answer has more than ${limit} bytes`));
      else controller.enqueue(chunk);
    },
  });
}
