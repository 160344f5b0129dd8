import { ClientTCP, ServerTCP } from '@nestjs/microservices';
import type { RpcTransport } from '../rpc.js';
import type { TransportSettings } from '../transport.settings.js';
import { PacketClient } from './packet-client.js';
import { PacketServer } from './packet-server.js';

/** Calls over plain TCP, the cheapest of all. */
export function tcpTransport({ TRANSPORT_PREFIX: prefix }: TransportSettings): RpcTransport {
  return {
    broker: undefined,
    clientKey: ({ address, port }) => `${address}:${port}`,
    connect: ({ address: host, port }) => new PacketClient(new ClientTCP({ host, port }), prefix),
    serve: ({ host, port, contexts }, handler) =>
      new PacketServer(new ServerTCP({ host, port }), { prefix, contexts }, handler),
  };
}
