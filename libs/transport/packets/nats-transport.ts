import { ClientNats, ServerNats } from '@nestjs/microservices';
import { natsConnectionOptions } from '../nats-connection-options.js';
import type { RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { PacketClient } from './packet-client.js';
import { PacketServer } from './packet-server.js';

/** Calls over NATS subjects; the instances of a context are one queue group. */
export function natsTransport({ TRANSPORT_PREFIX: prefix, NATS_URL }: TransportSettings): RpcTransport {
  return {
    broker: 'nats',
    clientKey: () => 'nats',
    connect: () => new PacketClient(new ClientNats(connectionTo(NATS_URL)), prefix),
    serve: ({ contexts }, handler) => {
      const listener = new ServerNats({ ...connectionTo(NATS_URL), ...LEAVE_FIRST });
      return new PacketServer(listener, { prefix, contexts }, handler);
    },
  };
}

/** The broker must know that this instance takes no more calls before its connection goes. */
const LEAVE_FIRST = { gracefulShutdown: true, gracePeriod: 100 };

function connectionTo(url: string) {
  return { ...natsConnectionOptions(url), maxReconnectAttempts: -1, reconnectTimeWait: 500 };
}
