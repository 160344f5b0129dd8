import { ClientRMQ, type RmqOptions, ServerRMQ } from '@nestjs/microservices';
import {
  AmqpConnectionManagerClass,
  type AmqpConnectionManager,
  type ChannelWrapper,
  type CreateChannelOpts,
} from 'amqp-connection-manager';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { FrameListener } from '../packets/packet-client.js';
import type { FrameReceiver, Inlet } from '../packets/packet-server.js';
import type { TakeFrame } from '../packets/served-calls.js';

export interface RmqPlace extends Required<Pick<RmqOptions['options'] & object, 'queue' | 'queueOptions'>> {
  readonly urls: string[];
  readonly socketOptions: { heartbeatIntervalInSeconds: number; reconnectTimeInSeconds: number };
}

/** RabbitMQ's pseudo-queue: what is sent to it reaches the connection that consumes from it. */
const REPLY_QUEUE = 'amq.rabbitmq.reply-to';

/** Nest makes its channels with publisher confirms; here the caller waits for the response anyway. */
export class UnconfirmedConnection extends AmqpConnectionManagerClass {
  /** Connects and reconnects in the background, as the library's own `connect` does. */
  static to({ urls, socketOptions }: RmqPlace): AmqpConnectionManager {
    const connection = new UnconfirmedConnection(urls, socketOptions);
    connection.connect().catch(() => undefined);
    return connection;
  }

  override createChannel(options?: CreateChannelOpts): ChannelWrapper {
    return super.createChannel({ ...options, confirm: false });
  }
}

/** Nest connects, declares the queue and renews the channel; its packets are not used. */
export class NestRmqClient extends ClientRMQ {
  private open: Channel | undefined;

  constructor(
    private readonly place: RmqPlace,
    private readonly listener: Pick<FrameListener, 'answered' | 'lost'>,
  ) {
    super(place);
  }

  /** Undefined before the first connection; afterwards the newest, which throws when it is used after a loss. */
  get sending(): Channel | undefined {
    return this.open;
  }

  /** Sends to the queue; the response comes back to this client. */
  static readonly replyTo = REPLY_QUEUE;

  override createClient(): AmqpConnectionManager {
    return UnconfirmedConnection.to(this.place);
  }

  /** Called for each new connection. */
  override async consumeChannel(channel: Channel): Promise<void> {
    this.open = channel;
    const hear = (message: ConsumeMessage | null) => message && this.listener.answered(message.content);
    await channel.consume(REPLY_QUEUE, hear, { noAck: true });
  }

  override handleClose(): void {
    super.handleClose();
    this.listener.lost();
  }
}

/** Nest connects, declares the queue and consumes from it. */
export class NestRmqServer extends ServerRMQ implements FrameReceiver {
  private take: TakeFrame | undefined;

  constructor(private readonly place: RmqPlace) {
    super(place);
  }

  /** Its queue carries all. */
  receive(_inlets: readonly Inlet[], take: TakeFrame): void {
    this.take = take;
  }

  override async createClient<T>(): Promise<T> {
    return UnconfirmedConnection.to(this.place) as T;
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
