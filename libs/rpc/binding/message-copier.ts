import type { MessageCodec } from '@fissile/kit/contract';
import { copyMessage, decodeMessage, encodeMessage } from './message-codec.js';

/** Copies the messages of local calls, so that neither side sees later changes by the other. */
export abstract class MessageCopier {
  abstract copy(codec: MessageCodec, message: unknown): unknown;
}

/** Encodes and decodes every message, which reveals at once what would not survive serialization. */
export class WireCopier extends MessageCopier {
  copy(codec: MessageCodec, message: unknown): unknown {
    return decodeMessage(codec, encodeMessage(codec, message));
  }
}

/** Copies the fields that the contract defines: the result is the same, at a fraction of the cost. */
export class FieldCopier extends MessageCopier {
  copy(codec: MessageCodec, message: unknown): unknown {
    return copyMessage(codec, message);
  }
}
