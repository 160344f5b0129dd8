const LENGTH_BYTES = 4;

/** What a frame has beside its message: the head, with the token of a user and the baggage of a call. */
const LONGEST_HEAD = 128 * 1024;

/**
 * The longest frame in bytes, where connections announce the length of each.
 * @param limit of the message in it
 */
export function longestFrame(limit: number): number {
  return limit + LONGEST_HEAD;
}

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
