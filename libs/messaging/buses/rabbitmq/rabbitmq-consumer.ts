import type { Channel, ConsumeMessage } from 'amqplib';
import { settledWithin } from '@fissile/kit/async';
import type { Subscriber } from '../event-bus.js';
import { receiveUntilHandled } from '../receive-until-handled.js';
import { TasksByKey } from '../tasks-by-key.js';
import type { RabbitmqNames } from './rabbitmq-names.js';

/** How many events of a context are handled concurrently, or wait behind another event of their key. */
const PREFETCH = 50;
const CLOSE_TIMEOUT_MS = 5_000;
/** The type of what somebody has put into a queue without the exchange, which knows what an account may publish: none. */
const PAST_THE_EXCHANGE = '';

/**
 * Consumes the events of one context from its queue, and dead-letters those that exceeded RabbitMQ's delivery limit.
 */
export class RabbitmqConsumer {
  private readonly tasks = new TasksByKey();
  private readonly stopping = new AbortController();

  constructor(
    private readonly channel: Channel,
    private readonly names: RabbitmqNames,
    private readonly subscriber: Subscriber,
    private readonly resolveLost: (reason: string) => void,
  ) {}

  async start(): Promise<void> {
    const { context } = this.subscriber;
    await this.channel.prefetch(PREFETCH);
    await this.consume(this.names.queueOf(context), (text, message) =>
      this.subscriber.receive(text, this.typeOf(message)),
    );
    const deadLetter = this.subscriber.deadLetterMessage?.bind(this.subscriber);
    if (!deadLetter) return;
    await this.consume(this.names.deadQueueOf(context), (text, message) =>
      message.fields.exchange === this.names.dead
        ? deadLetter(text, reasonOf(message))
        : this.subscriber.receive(text, PAST_THE_EXCHANGE),
    );
  }

  /**
   * Waits for the handlers in flight, and closes the channel. The consumer is not cancelled before that: another
   * instance would become the active consumer, and receive later events of a key before this one has handled the
   * earlier ones.
   */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.tasks.finish();
    await settledWithin(this.channel.close(), CLOSE_TIMEOUT_MS);
  }

  private typeOf({ fields }: ConsumeMessage): string {
    return fields.exchange === this.names.events ? fields.routingKey : PAST_THE_EXCHANGE;
  }

  private async consume(
    queue: string,
    receive: (text: string, message: ConsumeMessage) => Promise<void>,
  ): Promise<void> {
    await this.channel.consume(queue, (message) => {
      if (!message) return this.resolveLost(`the queue ${queue} is gone`);
      const text = message.content.toString('utf8');
      this.tasks.add(`${queue} ${keyOf(text)}`, () => this.handle(message, () => receive(text, message)));
    });
  }

  private async handle(message: ConsumeMessage, receive: () => Promise<void>): Promise<void> {
    const handled = await receiveUntilHandled(receive, this.subscriber.context, this.stopping.signal);
    if (!handled) return;
    try {
      this.channel.ack(message);
    } catch {
      // The channel is closed: the message is redelivered, and the inbox recognizes it.
    }
  }
}

/** The key that events are ordered by; a message that is not an event has none. */
function keyOf(text: string): string {
  try {
    const { subject } = JSON.parse(text) as { subject?: unknown };
    return typeof subject === 'string' ? subject : '';
  } catch {
    return '';
  }
}

function reasonOf({ properties }: ConsumeMessage): string {
  const [death] = (properties.headers?.['x-death'] ?? []) as { reason?: string }[];
  if (death?.reason === 'delivery_limit') return 'Every process that took it ended before it was handled';
  return `RabbitMQ gave it up: ${death?.reason ?? 'no reason given'}`;
}
