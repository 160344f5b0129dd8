import { Consumer, type ConsumerOptions, stringDeserializers } from '@platformatic/kafka';
import { settledWithin } from '@fissile/kit/async';
import type { Subscriber } from '../event-bus.js';
import { ignoreLaterErrors, reasonOf } from './kafka-errors.js';
import { KafkaGeneration, type TextConsumer } from './kafka-generation.js';
import type { KafkaTopic } from './kafka-topic.js';

const CLOSE_TIMEOUT_MS = 5_000;
const REBALANCE_MS = 10_000;
const HEARTBEAT_MS = 1_000;
/** Longer than a rebalance: a member's request waits for its end. */
const REQUEST_TIMEOUT_MS = 15_000;
/** The longest time that a fetch request waits for events. */
const WAIT_FOR_EVENTS_MS = 1_000;

/** What all clients of a session share. */
export type KafkaConnection = Pick<
  ConsumerOptions<string, string, string, string>,
  'clientId' | 'bootstrapBrokers' | 'connectTimeout' | 'retries' | 'retryDelay'
>;

/** Consumes for one context as a member of its consumer group, from generation to generation. */
export class KafkaMember {
  private readonly consumer: TextConsumer;
  private generation: KafkaGeneration | undefined;
  private turnover: Promise<void> = Promise.resolve();
  private closing = false;

  constructor(
    connection: KafkaConnection,
    sessionMs: number,
    private readonly topic: KafkaTopic,
    private readonly subscriber: Subscriber,
    private readonly listener: { onLost(reason: string): void; onDisconnect(): void },
  ) {
    this.consumer = new Consumer({
      ...connection,
      groupId: topic.groupOf(subscriber.context),
      deserializers: stringDeserializers,
      sessionTimeout: sessionMs,
      rebalanceTimeout: REBALANCE_MS,
      heartbeatInterval: HEARTBEAT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      maxWaitTime: WAIT_FOR_EVENTS_MS,
    });
    ignoreLaterErrors(this.consumer);
  }

  /** Joins the group in the background: other members may take their time. */
  start(): void {
    const { consumer, listener } = this;
    consumer.on('error', (error) => listener.onLost(reasonOf(error)));
    consumer.on('client:broker:disconnect', () => listener.onDisconnect());
    consumer.on('consumer:heartbeat:stalled', () => listener.onLost('the group does not answer'));
    consumer.on('consumer:group:rebalance', () => void this.generation?.abandon());
    consumer.on('consumer:group:join', () => this.nextGeneration());
    // For the lifetime of the member, and not only while a generation reads.
    consumer.topics.track(this.topic.name);
    consumer.joinGroup({}).catch((error: unknown) => {
      if (!this.closing) listener.onLost(reasonOf(error));
    });
  }

  /** Waits for the handlers in flight, and leaves the group, so that other members take over at once. */
  async close(): Promise<void> {
    this.closing = true;
    await this.turnover;
    await this.generation?.close();
    const left = this.consumer.close(true);
    await settledWithin(left, CLOSE_TIMEOUT_MS);
  }

  /** Handlers of the last generation end first, so that this process never handles a key twice at the same time. */
  private nextGeneration(): void {
    const last = this.generation;
    const ended = last?.abandon();
    this.turnover = this.turnover.then(async () => {
      await ended;
      if (this.closing) return;
      this.generation = this.newGeneration();
    });
  }

  private newGeneration(): KafkaGeneration {
    return new KafkaGeneration(this.consumer, this.topic.name, this.subscriber, (reason) => {
      if (!this.closing) this.listener.onLost(reason);
    });
  }
}
