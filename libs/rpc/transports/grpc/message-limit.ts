/** The parts of a call on the server that count the bytes of a message: compressed, and as it becomes. */
interface ReceivingCall {
  maxReceiveMessageSize?: number;
  readonly decoder?: { maxReadMessageLength: number };
}

/** @param call that has read nothing yet. The library has one limit for all methods of a server, and no option for some. */
export function limitMessages(call: object, bytes: number): void {
  const receiving: ReceivingCall = call;
  receiving.maxReceiveMessageSize = bytes;
  if (receiving.decoder) receiving.decoder.maxReadMessageLength = bytes;
}
