import type { ChannelModel } from 'amqplib';
import type { Socket } from 'node:net';

/** The socket of a connection; amqplib gives no public way to it. */
export function socketOf({ connection }: ChannelModel): Socket {
  return (connection as typeof connection & { readonly stream: Socket }).stream;
}
