import type { MessageCodec } from '@fissile/kit/contract';

/** The generator types each codec by its own message; this type lets any message pass through any codec. */
interface AnyCodec {
  encode(message: unknown): { finish(): Uint8Array };
  decode(input: Uint8Array): unknown;
  fromPartial(object: unknown): unknown;
}

function anyCodec(codec: MessageCodec): AnyCodec {
  return codec;
}

export function encodeMessage(codec: MessageCodec, message: unknown): Uint8Array {
  const { encode, fromPartial } = anyCodec(codec);
  return encode(fromPartial(message)).finish();
}

/** @throws Error when the bytes are not a valid message */
export function decodeMessage(codec: MessageCodec, bytes: Uint8Array): unknown {
  return anyCodec(codec).decode(bytes);
}

/** Copies the fields that the contract defines. */
export function copyMessage(codec: MessageCodec, message: unknown): unknown {
  return deepCopy(anyCodec(codec).fromPartial(message));
}

/** The generator copies messages and lists, and passes dates, bytes and free-form objects by reference. */
function deepCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(deepCopy);
  if (value instanceof Date) return new Date(value);
  if (value instanceof Uint8Array) return value.slice();
  const copy: Record<string, unknown> = {};
  for (const key in value) copy[key] = deepCopy((value as Record<string, unknown>)[key]);
  return copy;
}
