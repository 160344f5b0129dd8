const LENGTH_BYTES = 4;

/** In bytes, over connections with length-prefixed frames. */
export const LONGEST_FRAME = 64 * 1024 * 1024;

/** A call or its response: a head, encoded as JSON, and the encoded message. */
export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

const NO_BODY = new Uint8Array();

/** The length of the head in four bytes, the head, the body. */
export function writeFrame(head: object, body: Uint8Array = NO_BODY): Buffer {
  const text = JSON.stringify(head);
  const headLength = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + headLength + body.length);
  frame.writeUInt32BE(headLength);
  frame.write(text, LENGTH_BYTES);
  frame.set(body, LENGTH_BYTES + headLength);
  return frame;
}

/** Returns undefined when the bytes are not a frame. */
export function readFrame(bytes: Uint8Array): Frame | undefined {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (frame.length < LENGTH_BYTES) return undefined;
  const bodyAt = LENGTH_BYTES + frame.readUInt32BE();
  if (bodyAt > frame.length) return undefined;
  try {
    return { head: JSON.parse(frame.toString('utf8', LENGTH_BYTES, bodyAt)), body: frame.subarray(bodyAt) };
  } catch {
    return undefined;
  }
}
