import type { MessageCodec } from '#libs/contracts';

interface Codec {
  encode(message: unknown): { finish(): Uint8Array };
  decode(input: Uint8Array): unknown;
  fromPartial(object: unknown): unknown;
}

/** Copies the messages of local calls, so that neither side can see what the other does to its objects later. */
export abstract class MessageCopier {
  abstract copy(codec: MessageCodec, message: unknown): unknown;
}

/** Sends every message through the wire's form and back, which shows at once what would not survive it. */
export class WireCopier extends MessageCopier {
  copy(codec: MessageCodec, message: unknown): unknown {
    const { encode, decode, fromPartial } = codec as Codec;
    return decode(encode(fromPartial(message)).finish());
  }
}

/** Copies the fields that the contract knows: what arrives is the same, at a fraction of the cost. */
export class FieldCopier extends MessageCopier {
  copy(codec: MessageCodec, message: unknown): unknown {
    return (codec as Codec).fromPartial(message);
  }
}
