import {
  Admin,
  compatibilityPartitioner,
  ProduceAcks,
  Producer,
  stringSerializers,
} from '@platformatic/kafka';
import type { EventEnvelope } from '@fissile/kit/contract';
import { settledWithin, withTimeout } from '@fissile/kit/async';
import type { Broker, BrokerSession } from '../broker.js';
import type { Subscriber } from '../event-bus.js';
import { ignoreLaterErrors, reasonOf } from './kafka-errors.js';
import { TYPE_HEADER } from './kafka-generation.js';
import { kafkaSecurity, type KafkaSettings } from './kafka-security.js';
import { type KafkaConnection, KafkaMember } from './kafka-member.js';
import { KafkaTopic } from './kafka-topic.js';

const CONNECT_TIMEOUT_MS = 3_000;
const OPEN_TIMEOUT_MS = 20_000;
const CLOSE_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 8_000;
const ANSWER_TIMEOUT_MS = 4_000;
const ASK_EVERY_MS = 10_000;
const SESSION_MS = 10_000;
/** A partition changes its leader now and then; a retry finds the new one. */
const RETRIES = 3;
const RETRY_AFTER_MS = 250;

export interface KafkaOptions {
  readonly settings: KafkaSettings;
  readonly prefix: string;
  /** A process without a heartbeat for this long loses its partitions to the others; 10 s by default. */
  readonly sessionMs?: number;
}

/** Events in a Kafka topic, with one consumer group per context. */
export function kafkaBroker(options: KafkaOptions): Broker {
  return { name: 'kafka', open: (subscribers) => KafkaSession.open(options, subscribers) };
}

class KafkaSession implements BrokerSession {
  readonly lost: Promise<string>;
  private resolveLost: (reason: string) => void = () => undefined;
  private readonly admin: Admin;
  private readonly producer: Producer<string, string, string, string>;
  private readonly members: KafkaMember[] = [];
  private readonly connection: KafkaConnection;
  private readonly sessionMs: number;
  private asking: NodeJS.Timeout | undefined;
  private isClosed = false;

  private constructor(
    { settings, sessionMs = SESSION_MS }: KafkaOptions,
    private readonly topic: KafkaTopic,
  ) {
    this.sessionMs = sessionMs;
    this.lost = new Promise((resolve) => (this.resolveLost = resolve));
    this.connection = {
      clientId: 'fissile',
      bootstrapBrokers: [...settings.KAFKA_BROKERS],
      ...kafkaSecurity(settings),
      connectTimeout: CONNECT_TIMEOUT_MS,
      retries: RETRIES,
      retryDelay: RETRY_AFTER_MS,
    };
    this.admin = new Admin({ ...this.connection, requestTimeout: ANSWER_TIMEOUT_MS, retries: 1 });
    this.producer = new Producer({
      ...this.connection,
      requestTimeout: REQUEST_TIMEOUT_MS,
      serializers: stringSerializers,
      acks: ProduceAcks.ALL,
      // The partitioner of the clients in other languages, so that a key has one partition whichever client
      // publishes.
      partitioner: compatibilityPartitioner,
    });
    for (const client of [this.admin, this.producer]) ignoreLaterErrors(client);
  }

  static async open(options: KafkaOptions, subscribers: readonly Subscriber[]): Promise<KafkaSession> {
    const session = new KafkaSession(options, new KafkaTopic(options.prefix));
    try {
      await withTimeout(session.start(subscribers), OPEN_TIMEOUT_MS, 'kafka does not answer');
      return session;
    } catch (error) {
      await session.close();
      throw new Error(reasonOf(error), { cause: error });
    }
  }

  async publish(envelope: EventEnvelope): Promise<void> {
    const message = {
      topic: this.topic.name,
      key: envelope.subject,
      value: JSON.stringify(envelope),
      headers: { 'content-type': 'application/cloudevents+json', [TYPE_HEADER]: envelope.type },
    };
    try {
      await this.producer.send({ messages: [message] });
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.asking);
    await Promise.all(this.members.map((member) => member.close()));
    const closed = Promise.all([this.producer.close(), this.admin.close()]);
    await settledWithin(closed, CLOSE_TIMEOUT_MS);
    this.resolveLost('the connection was closed');
  }

  private async start(subscribers: readonly Subscriber[]): Promise<void> {
    await this.topic.declare(this.admin);
    // The opening timed out and was abandoned; nothing would ever close a session that begins now.
    if (this.isClosed) throw new Error('the session is closed');
    this.producer.on('client:broker:disconnect', () => void this.ask());
    this.asking = setInterval(() => void this.ask(), ASK_EVERY_MS);
    const listener = { onLost: this.resolveLost, onDisconnect: () => void this.ask() };
    for (const subscriber of subscribers) {
      if (subscriber.handledEventNames().length === 0) continue;
      const member = new KafkaMember(this.connection, this.sessionMs, this.topic, subscriber, listener);
      this.members.push(member);
      member.start();
    }
  }

  /**
   * The clients reconnect by themselves, to the brokers that are available. Kafka counts as lost when none of them
   * answers.
   */
  private async ask(): Promise<void> {
    try {
      await this.admin.metadata({ topics: [this.topic.name], forceUpdate: true });
    } catch (error) {
      this.resolveLost(reasonOf(error));
    }
  }
}
