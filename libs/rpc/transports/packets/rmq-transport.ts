import { tlsFilesOf } from '@fissile/kit/config';
import type { ContextName } from '@fissile/kit/contract';
import { NestRmqClient, NestRmqServer, type RmqPlace } from '../nest/nest-rmq.js';
import type { RpcTransport } from '../rpc.js';
import { ServerGroup } from '../server-group.js';
import type { TransportSettings } from '../transport.settings.js';
import { callPattern } from './packet.js';
import { type FrameSeal, NO_SEAL } from './frame-seal.js';
import { type FrameListener, type FrameSender, PacketClient, type SentCall } from './packet-client.js';
import { PacketServer } from './packet-server.js';

type Optional = 'RABBITMQ_TLS_CA_FILE' | 'RABBITMQ_TLS_CERT_FILE' | 'RABBITMQ_TLS_KEY_FILE';

export type RabbitmqSettings = Pick<TransportSettings, 'RABBITMQ_URL'> &
  Partial<Pick<TransportSettings, Optional>>;

/** Calls over one RabbitMQ queue per context. */
export function rmqTransport(settings: TransportSettings, seal: FrameSeal = NO_SEAL): RpcTransport {
  const { TRANSPORT_PREFIX: prefix } = settings;
  const placeFor = (context: ContextName): RmqPlace => queueAt(settings, callPattern(prefix, context));
  return {
    broker: 'rabbitmq',
    clientKey: ({ context }) => context,
    connect: ({ context }) =>
      new PacketClient((listener) => new RmqSender(placeFor(context), listener), seal),
    serve: ({ contexts }, handler) =>
      new ServerGroup(
        contexts.map((context) => {
          const receiver = new NestRmqServer(placeFor(context));
          return new PacketServer(receiver, { prefix, contexts: [context], seal }, handler);
        }),
      ),
  };
}

const QUEUE = { durable: true, arguments: { 'x-expires': 3_600_000 } };

/**
 * A call expires when its caller stops waiting, so its message need not survive a broker restart. The queue is
 * durable, since RabbitMQ is about to drop support for other shared queues; it expires after an hour without use.
 */
function queueAt(settings: RabbitmqSettings, queue: string): RmqPlace {
  return {
    urls: [settings.RABBITMQ_URL],
    queue,
    queueOptions: QUEUE,
    socketOptions: {
      heartbeatIntervalInSeconds: 5,
      reconnectTimeInSeconds: 1,
      connectionOptions: tlsFilesOf('RABBITMQ', settings).readAtEachUse(),
      // User and password are those of the moment of each connection.
      findServers: () => settings.RABBITMQ_URL,
    },
  };
}

class RmqSender implements FrameSender {
  private readonly client: NestRmqClient;

  constructor(
    private readonly place: RmqPlace,
    listener: FrameListener,
  ) {
    this.client = new NestRmqClient(place, listener);
  }

  connect(): Promise<unknown> {
    return this.client.connect();
  }

  sendCall({ id, frame, timeoutMs }: SentCall): void {
    const { sending } = this.client;
    if (!sending) throw new Error('the connection is gone');
    const expiration = Math.ceil(timeoutMs);
    const { replyTo } = NestRmqClient;
    sending.sendToQueue(this.place.queue, frame, { replyTo, expiration, messageId: id, mandatory: true });
  }

  /** With several instances it may reach the wrong one; the work is then cancelled at its deadline. */
  sendCancel(_context: ContextName, frame: Buffer): void {
    this.client.sending?.sendToQueue(this.place.queue, frame);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
