import { ClientRMQ, type RmqOptions, ServerRMQ } from '@nestjs/microservices';
import {
  AmqpConnectionManagerClass,
  type AmqpConnectionManager,
  type ChannelWrapper,
  type CreateChannelOpts,
} from 'amqp-connection-manager';
import type { Channel, ConsumeMessage, Message } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { type TlsContents, TlsReports } from '@fissile/kit/config';
import { asError, settledWithin } from '@fissile/kit/async';
import type { FrameListener } from '../packets/packet-client.js';
import type { FrameReceiver, Inlet } from '../packets/packet-server.js';
import type { TakeFrame } from '../packets/served-calls.js';

export interface RmqPlace extends Required<Pick<RmqOptions['options'] & object, 'queue' | 'queueOptions'>> {
  readonly urls: string[];
  readonly socketOptions: {
    readonly heartbeatIntervalInSeconds: number;
    readonly reconnectTimeInSeconds: number;
    readonly connectionOptions?: TlsContents;
    readonly findServers?: () => string;
  };
}

/** RabbitMQ's pseudo-queue: what is sent to it reaches the connection that consumes from it. */
const REPLY_QUEUE = 'amq.rabbitmq.reply-to';

/** Nest makes its channels with publisher confirms; here the caller waits for the response anyway. */
export class UnconfirmedConnection extends AmqpConnectionManagerClass {
  /** Connects and reconnects in the background, as the library's own `connect` does. */
  static to({ urls, socketOptions }: RmqPlace): AmqpConnectionManager {
    const connection = new UnconfirmedConnection(urls, socketOptions);
    const reports = new TlsReports('RABBITMQ');
    connection.on('connectFailed', ({ err }) => reports.add(err));
    connection.connect().catch(() => undefined);
    return connection;
  }

  override createChannel(options?: CreateChannelOpts): ChannelWrapper {
    return super.createChannel({ ...options, confirm: false });
  }
}

/** Nest connects and renews the channel; its packets are not used. */
export class NestRmqClient extends ClientRMQ {
  private open: Channel | undefined;
  private closing = false;

  constructor(
    private readonly place: RmqPlace,
    private readonly listener: Pick<FrameListener, 'answered' | 'failed' | 'lost'>,
  ) {
    // The queue is declared by who serves it: the account of a caller need not be able to.
    super({ ...place, noAssert: true });
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
    // The library opens a channel only with a connection.
    channel.once('close', () => this.closing || (this.client as AmqpConnectionManager | null)?.reconnect());
    // A call for which there is no queue comes back.
    channel.on('return', ({ properties }: Message) =>
      this.listener.failed(String(properties.messageId), 'there is no queue for it'),
    );
    const hear = (message: ConsumeMessage | null) => message && this.listener.answered(message.content);
    await channel.consume(REPLY_QUEUE, hear, { noAck: true });
  }

  override handleClose(): void {
    super.handleClose();
    this.listener.lost();
  }

  override async close(): Promise<void> {
    this.closing = true;
    await super.close();
  }
}

const CANCEL_WITHIN_MS = 1_000;

/** Nest connects, declares the queue and consumes from it. */
export class NestRmqServer extends ServerRMQ implements FrameReceiver {
  private take: TakeFrame | undefined;
  private readonly consumerTag: string;
  private open: Channel | undefined;
  private hearing = false;
  private closing = false;

  constructor(private readonly place: RmqPlace) {
    const consumerTag = randomUUID();
    super({ ...place, consumerTag });
    this.consumerTag = consumerTag;
  }

  /** False while RabbitMQ has the connection, but no consumer of the queue. */
  get isReceiving(): boolean {
    return this.hearing;
  }

  /** Called for each new connection. */
  override async setupChannel(channel: Channel, callback: () => void): Promise<void> {
    this.open = channel;
    channel.once('close', () => this.lost(channel, 'the channel was closed'));
    await super.setupChannel(channel, () => {
      this.hearing = true;
      callback();
    });
  }

  /** Resolves when no more calls arrive; other instances get those that wait in the queue. */
  async stopReceiving(): Promise<void> {
    this.closing = true;
    if (this.open) await settledWithin(this.open.cancel(this.consumerTag), CANCEL_WITHIN_MS);
  }

  override async close(): Promise<void> {
    this.closing = true;
    await super.close();
  }

  /** Its queue carries all. */
  receive(_inlets: readonly Inlet[], take: TakeFrame): void {
    this.take = take;
  }

  override async createClient<T>(): Promise<T> {
    return UnconfirmedConnection.to(this.place) as T;
  }

  override async handleMessage(message: Partial<ConsumeMessage> | null, channel: Channel): Promise<void> {
    if (message === null) return this.consumeAgain(channel);
    const { content, properties } = message;
    const replyTo: unknown = properties?.replyTo;
    if (!content) return;
    this.take?.(content, (answer) => {
      if (typeof replyTo === 'string') channel.sendToQueue(replyTo, answer);
    });
  }

  /** RabbitMQ has ended the consumer, as it does when the queue is deleted. */
  private async consumeAgain(channel: Channel): Promise<void> {
    if (this.closing) return;
    this.hearing = false;
    this.logger.warn(`The queue ${this.place.queue} was deleted; declaring it again`);
    try {
      await super.setupChannel(channel, () => (this.hearing = true));
    } catch (error) {
      this.lost(channel, asError(error).message);
    }
  }

  /** The library opens a channel only with a connection. */
  private lost(channel: Channel, reason: string): void {
    if (this.closing || this.open !== channel) return;
    this.open = undefined;
    this.hearing = false;
    this.logger.warn(`No calls arrive from ${this.place.queue}, so it connects again: ${reason}`);
    this.server?.reconnect();
  }
}
