import { ClientRMQ, RmqRecordBuilder, ServerRMQ } from '@nestjs/microservices';
import type { ContextName } from '#libs/contracts';
import type { RpcTransport } from '../rpc.js';
import { ServerGroup } from '../server-group.js';
import type { TransportSettings } from '../transport.settings.js';
import { callPattern, type CallPacket } from './packet.js';
import { PacketClient } from './packet-client.js';
import { PacketServer } from './packet-server.js';

/** Calls over a queue of RabbitMQ for each context. */
export function rmqTransport({ TRANSPORT_PREFIX: prefix, RABBITMQ_URL }: TransportSettings): RpcTransport {
  return {
    broker: 'rabbitmq',
    clientKey: ({ context }) => context,
    connect: ({ context }) =>
      new PacketClient(new ClientRMQ(queueAt(RABBITMQ_URL, prefix, context)), prefix, expiring),
    serve: ({ contexts }, handler) =>
      new ServerGroup(
        contexts.map((context) => {
          const listener = new ServerRMQ(queueAt(RABBITMQ_URL, prefix, context));
          return new PacketServer(listener, { prefix, contexts: [context] }, handler);
        }),
      ),
  };
}

/** A call lives no longer than its caller waits, so neither its queue nor its message need outlive the broker. */
function queueAt(url: string, prefix: string, context: ContextName) {
  return {
    urls: [url],
    queue: callPattern(prefix, context),
    queueOptions: { durable: false, arguments: { 'x-expires': 3_600_000 } },
    persistent: false,
    socketOptions: { heartbeatIntervalInSeconds: 5, reconnectTimeInSeconds: 1 },
  };
}

function expiring(packet: CallPacket): unknown {
  return new RmqRecordBuilder(packet).setOptions({ expiration: Math.ceil(packet.timeoutMs) }).build();
}
