import type { MessageCodec } from '@fissile/kit/contract';
import { copyMessage, decodeMessage, encodeMessage } from './message-codec.js';

/** Copies the messages of local calls, so that neither side can see what the other does to its objects later. */
export abstract class MessageCopier {
  abstract copy(codec: MessageCodec, message: unknown): unknown;
}

/** Sends every message through the wire's form and back, which shows at once what would not survive it. */
export class WireCopier extends MessageCopier {
  copy(codec: MessageCodec, message: unknown): unknown {
    return decodeMessage(codec, encodeMessage(codec, message));
  }
}

/** Copies the fields that the contract knows: what arrives is the same, at a fraction of the cost. */
export class FieldCopier extends MessageCopier {
  copy(codec: MessageCodec, message: unknown): unknown {
    return copyMessage(codec, message);
  }
}
