import { jetstream, type JetStreamClient, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import {
  connect,
  credsAuthenticator,
  headers,
  type NatsConnection,
  RequestError,
} from '@nats-io/transport-node';
import type { EventEnvelope } from '@fissile/kit/contract';
import { natsConnectionOptions, type NatsSettings } from '@fissile/kit/rpc';
import { settledWithin } from '@fissile/kit/async';
import type { Broker, BrokerSession } from '../broker.js';
import type { Subscriber } from '../event-bus.js';
import { NatsConsumer } from './nats-consumer.js';
import { PARTITIONS } from './nats-names.js';
import { NatsStream } from './nats-stream.js';

const CLOSE_TIMEOUT_MS = 5_000;
const PUBLISH_TIMEOUT_MS = 10_000;
const PING_EVERY_MS = 10_000;

export interface NatsOptions {
  readonly settings: NatsSettings;
  readonly prefix: string;
  /** Whose answers of JetStream arrive by the connection. */
  readonly process?: string;
}

/** Events in a NATS JetStream stream, with one consumer per context and partition. */
export function natsBroker(options: NatsOptions): Broker {
  const stream = new NatsStream(options.prefix);
  return { name: 'nats', open: (subscribers) => NatsSession.open(options, stream, subscribers) };
}

class NatsSession implements BrokerSession {
  readonly lost: Promise<string>;
  private resolveLost: (reason: string) => void = () => undefined;
  private readonly consumers: NatsConsumer[] = [];
  private readonly client: JetStreamClient;

  private constructor(
    private readonly connection: NatsConnection,
    private readonly stream: NatsStream,
  ) {
    this.client = jetstream(connection);
    this.lost = new Promise((resolve) => (this.resolveLost = resolve));
    void connection
      .closed()
      .then((error) => this.resolveLost(error ? error.message : 'the connection was closed'));
  }

  static async open(
    options: NatsOptions,
    stream: NatsStream,
    subscribers: readonly Subscriber[],
  ): Promise<NatsSession> {
    const connection = await connect({
      ...natsConnectionOptions(options.settings, credsAuthenticator, options.process),
      reconnect: false,
      pingInterval: PING_EVERY_MS,
    });
    const session = new NatsSession(connection, stream);
    try {
      await session.start(subscribers);
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  async publish(envelope: EventEnvelope): Promise<void> {
    const heads = headers();
    heads.set('content-type', 'application/cloudevents+json');
    const subject = this.stream.subjectOf(envelope.subject, envelope.type);
    const options = { msgID: envelope.id, headers: heads, timeout: PUBLISH_TIMEOUT_MS };
    try {
      await this.client.publish(subject, JSON.stringify(envelope), options);
    } catch (error) {
      // The next session declares the stream again.
      if (isWithoutStream(error)) this.resolveLost(`the stream ${this.stream.name} is gone`);
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
    // The last messages, such as an acknowledgement, are in transit until then.
    await settledWithin(this.connection.flush(), CLOSE_TIMEOUT_MS);
    await this.connection.close().catch(() => undefined);
  }

  private async start(subscribers: readonly Subscriber[]): Promise<void> {
    const manager = await jetstreamManager(this.connection);
    await this.stream.declare(manager);
    const active = subscribers.filter((subscriber) => subscriber.handledEventNames().length > 0);
    await Promise.all(active.map((subscriber) => this.consume(manager, subscriber)));
  }

  private async consume(manager: JetStreamManager, subscriber: Subscriber): Promise<void> {
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      const { context } = subscriber;
      await this.stream.declareConsumer(manager, context, partition);
      const name = this.stream.consumerOf(context, partition);
      const consumer = await this.client.consumers.get(this.stream.name, name);
      this.consumers.push(new NatsConsumer(consumer, this.stream, subscriber, this.resolveLost));
    }
  }
}

/** Nobody responds on a subject that no stream stores, which the library reports as if there were no JetStream. */
function isWithoutStream(error: unknown): boolean {
  const { cause } = error as Error;
  return cause instanceof RequestError && cause.isNoResponders();
}
