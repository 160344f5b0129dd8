import { type ChannelModel, connect, type ConfirmChannel } from 'amqplib';
import type { EventEmitter } from 'node:events';
import type { EventEnvelope } from '@fissile/kit/contract';
import { tlsFilesOf } from '@fissile/kit/config';
import type { RabbitmqSettings } from '@fissile/kit/rpc';
import { settledWithin, withTimeout } from '@fissile/kit/async';
import type { Broker, BrokerSession, Subscriptions } from '../broker.js';
import type { Subscriber } from '../event-bus.js';
import { socketOf } from './amqp-socket.js';
import { RabbitmqConsumer } from './rabbitmq-consumer.js';
import { RabbitmqNames } from './rabbitmq-names.js';
import { provideTopology } from './rabbitmq-topology.js';

const CONNECT_TIMEOUT_MS = 5_000;
const OPEN_TIMEOUT_MS = 20_000;
const CLOSE_TIMEOUT_MS = 5_000;
const HEARTBEAT_SECONDS = '10';

export interface RabbitmqOptions {
  readonly settings: RabbitmqSettings;
  readonly prefix: string;
  readonly subscriptions: Subscriptions;
}

/** Events over a RabbitMQ topic exchange, with one quorum queue per context. */
export function rabbitmqBroker(options: RabbitmqOptions): Broker {
  return { name: 'rabbitmq', open: (subscribers) => RabbitmqSession.open(options, subscribers) };
}

class RabbitmqSession implements BrokerSession {
  readonly lost: Promise<string>;
  private resolveLost: (reason: string) => void = () => undefined;
  private readonly connections: ChannelModel[] = [];
  private readonly consumers: RabbitmqConsumer[] = [];
  private publisher: ConfirmChannel | undefined;
  /** Why the broker currently blocks publishers, such as a full disk. */
  private blockedBy: string | undefined;
  private isClosed = false;

  private constructor(
    private readonly settings: RabbitmqSettings,
    private readonly names: RabbitmqNames,
  ) {
    this.lost = new Promise((resolve) => (this.resolveLost = resolve));
  }

  static async open(
    { settings, prefix, subscriptions }: RabbitmqOptions,
    subscribers: readonly Subscriber[],
  ): Promise<RabbitmqSession> {
    const session = new RabbitmqSession(settings, new RabbitmqNames(prefix));
    try {
      await withTimeout(
        session.start(subscriptions, subscribers),
        OPEN_TIMEOUT_MS,
        'rabbitmq does not answer',
      );
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  publish(envelope: EventEnvelope): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.blockedBy !== undefined) throw new Error(`rabbitmq takes no messages: ${this.blockedBy}`);
      if (!this.publisher) throw new Error('rabbitmq is not connected');
      this.publisher.publish(
        this.names.events,
        envelope.type,
        Buffer.from(JSON.stringify(envelope)),
        {
          persistent: true,
          messageId: envelope.id,
          type: envelope.type,
          contentType: 'application/cloudevents+json',
        },
        (error) => (error ? reject(error as Error) : resolve()),
      );
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
    await Promise.all(this.connections.map(disconnect));
  }

  private async start(subscriptions: Subscriptions, subscribers: readonly Subscriber[]): Promise<void> {
    await this.startPublishing(subscriptions, subscribers);
    await this.startConsuming(subscribers);
  }

  private async startPublishing(
    subscriptions: Subscriptions,
    subscribers: readonly Subscriber[],
  ): Promise<void> {
    const connection = await this.connect();
    connection.on('blocked', (reason) => (this.blockedBy = reason));
    connection.on('unblocked', () => (this.blockedBy = undefined));
    await provideTopology(connection, this.names, subscriptions, subscribers);
    const channel = await connection.createConfirmChannel();
    this.watch(channel);
    this.publisher = channel;
  }

  /**
   * On a separate connection: RabbitMQ reads nothing from a connection that publishes too fast, acknowledgements
   * included.
   */
  private async startConsuming(subscribers: readonly Subscriber[]): Promise<void> {
    const active = subscribers.filter((subscriber) => subscriber.handledEventNames().length > 0);
    if (active.length === 0) return;
    const connection = await this.connect();
    for (const subscriber of active) {
      const channel = await connection.createChannel();
      this.watch(channel);
      const consumer = new RabbitmqConsumer(channel, this.names, subscriber, this.resolveLost);
      this.consumers.push(consumer);
      await consumer.start();
    }
  }

  private async connect(): Promise<ChannelModel> {
    const url = new URL(this.settings.RABBITMQ_URL);
    if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', HEARTBEAT_SECONDS);
    const connection = await connect(url.href, {
      ...tlsFilesOf('RABBITMQ', this.settings).read(),
      timeout: CONNECT_TIMEOUT_MS,
      noDelay: true,
    });
    if (this.isClosed) {
      // The opening timed out and was abandoned; nothing would ever close this session.
      await disconnect(connection);
      throw new Error('the session is closed');
    }
    this.connections.push(connection);
    this.watch(connection);
    return connection;
  }

  private watch(source: EventEmitter): void {
    source.on('error', (error: Error) => this.resolveLost(error.message));
    source.on('close', (error?: Error) => this.resolveLost(error?.message ?? 'the connection was closed'));
  }
}

/**
 * A server that hangs keeps the connection open, and with it the messages that it has delivered; so destroy the
 * socket in any case.
 */
async function disconnect(connection: ChannelModel): Promise<void> {
  await settledWithin(connection.close(), CLOSE_TIMEOUT_MS);
  socketOf(connection).destroy();
}
