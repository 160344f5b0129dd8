import type { Socket } from 'node:net';

/** @param see receives each message of Kafka's protocol that arrives, with its length prefix */
export function onKafkaMessage(from: Socket, see: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  from.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const message = rest.subarray(0, 4 + rest.readInt32BE(0));
      rest = rest.subarray(message.length);
      see(message);
    }
  });
}
