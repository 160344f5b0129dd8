import { ClientRMQ, ServerRMQ } from '@nestjs/microservices';
import type { AmqpConnectionManager } from 'amqp-connection-manager';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { ContextName } from '@fissile/kit/contract';
import type { RpcTransport } from '../rpc.js';
import { ServerGroup } from '../server-group.js';
import type { TransportSettings } from '../transport.settings.js';
import { callPattern } from './packet.js';
import { type FrameListener, type FrameSender, PacketClient, type SentCall } from './packet-client.js';
import { PacketServer } from './packet-server.js';
import type { TakeFrame } from './served-calls.js';

/** Calls over one RabbitMQ queue per context. */
export function rmqTransport({ TRANSPORT_PREFIX: prefix, RABBITMQ_URL }: TransportSettings): RpcTransport {
  return {
    broker: 'rabbitmq',
    clientKey: ({ context }) => context,
    connect: ({ context }) =>
      new PacketClient(
        (listener) => new FrameClientRmq(RABBITMQ_URL, callPattern(prefix, context), listener),
      ),
    serve: ({ contexts }, handler) =>
      new ServerGroup(
        contexts.map((context) => {
          const receiver = new FrameServerRmq(RABBITMQ_URL, callPattern(prefix, context));
          return new PacketServer(receiver, { prefix, contexts: [context] }, handler);
        }),
      ),
  };
}

const QUEUE = { durable: true, arguments: { 'x-expires': 3_600_000 } };

/**
 * A call expires when its caller stops waiting, so its message need not survive a broker restart. The queue is
 * durable, since RabbitMQ is about to drop support for other shared queues; it expires after an hour without use.
 */
function queueAt(url: string, queue: string) {
  return {
    urls: [url],
    queue,
    queueOptions: QUEUE,
    persistent: false,
    socketOptions: { heartbeatIntervalInSeconds: 5, reconnectTimeInSeconds: 1 },
  };
}

/** A manager whose channels skip publisher confirms: the caller waits for the response anyway. */
function unconfirmed(manager: AmqpConnectionManager): AmqpConnectionManager {
  const create = manager.createChannel.bind(manager);
  manager.createChannel = (options) => create({ ...options, confirm: false });
  return manager;
}

class FrameClientRmq extends ClientRMQ implements FrameSender {
  private open: Channel | undefined;

  constructor(
    url: string,
    queue: string,
    private readonly listener: FrameListener,
  ) {
    super(queueAt(url, queue));
  }

  override createClient(): AmqpConnectionManager {
    return unconfirmed(super.createClient() as AmqpConnectionManager);
  }

  /** Called for each new connection. */
  override async consumeChannel(channel: Channel): Promise<void> {
    this.open = channel;
    const hear = (message: ConsumeMessage | null) => message && this.listener.answered(message.content);
    await channel.consume(this.replyQueue, hear, { noAck: true });
  }

  sendCall({ frame, timeoutMs }: SentCall): void {
    if (!this.open) throw new Error('the connection is gone');
    const expiration = Math.ceil(timeoutMs);
    this.open.sendToQueue(this.queue, frame, { replyTo: this.replyQueue, expiration });
  }

  /** With several instances it may reach the wrong one; the work is then cancelled at its deadline. */
  sendCancel(_context: ContextName, frame: Buffer): void {
    this.open?.sendToQueue(this.queue, frame);
  }

  override handleClose(): void {
    super.handleClose();
    this.listener.lost();
  }
}

class FrameServerRmq extends ServerRMQ {
  private take: TakeFrame | undefined;

  constructor(url: string, queue: string) {
    super(queueAt(url, queue));
  }

  override async createClient<T>(): Promise<T> {
    return unconfirmed(await super.createClient<AmqpConnectionManager>()) as T;
  }

  override addHandler(_pattern: unknown, take: never): void {
    this.take = take;
  }

  override async handleMessage(message: Partial<ConsumeMessage> | null, channel: Channel): Promise<void> {
    const { content, properties } = message ?? {};
    const replyTo: unknown = properties?.replyTo;
    if (!content) return;
    this.take?.(content, (answer) => {
      if (typeof replyTo === 'string') channel.sendToQueue(replyTo, answer);
    });
  }
}
