import type { Channel } from 'amqplib';
import type { ContextName } from '@fissile/kit/contract';
import type { Subscriptions } from '../broker.js';
import type { Subscriber } from '../event-bus.js';

/** A message whose consumers ended this often before it was handled may be the cause of their end. */
const DELIVERY_LIMIT = 50;
/**
 * A message waits for its database as long as necessary; without this setting RabbitMQ considers its consumer stuck.
 */
const CONSUMER_TIMEOUT_MS = 7 * 24 * 3_600_000;
/**
 * The last queue has no dead-letter queue, and RabbitMQ 4 drops messages that exceed the default delivery limit of
 * 20.
 */
const NO_LIMIT = 1_000_000_000;

/** The names of an application's exchanges and queues. */
export class RabbitmqNames {
  constructor(private readonly prefix: string) {}

  get events(): string {
    return `${this.prefix}.events`;
  }

  get dead(): string {
    return `${this.events}.dead`;
  }

  queueOf(context: ContextName): string {
    return `${this.events}.${context}`;
  }

  deadQueueOf(context: ContextName): string {
    return `${this.queueOf(context)}.dead`;
  }
}

/**
 * Declares the exchanges, and the queues of all contexts that handle events: an exchange drops messages without a
 * bound queue, so the first process that publishes creates the queues of contexts that have not run yet.
 */
export async function declareTopology(
  channel: Channel,
  names: RabbitmqNames,
  subscriptions: Subscriptions,
  subscribers: readonly Subscriber[],
): Promise<void> {
  await channel.assertExchange(names.events, 'topic', { durable: true });
  await channel.assertExchange(names.dead, 'direct', { durable: true });
  const handling = new Set([...subscriptions.keys(), ...subscribers.map(({ context }) => context)]);
  for (const context of handling) {
    const eventNames = eventNamesHandled(context, subscriptions, subscribers);
    if (eventNames.length === 0) continue;
    await declareDeadQueue(channel, names, context);
    await declareQueue(channel, names, context);
    for (const eventName of eventNames) {
      await channel.bindQueue(names.queueOf(context), names.events, `${eventName}.*`);
    }
  }
}

function eventNamesHandled(
  context: ContextName,
  subscriptions: Subscriptions,
  subscribers: readonly Subscriber[],
): string[] {
  const handled = subscribers.filter((subscriber) => subscriber.context === context);
  const eventNames = handled.flatMap((subscriber) => subscriber.handledEventNames());
  return [...new Set([...(subscriptions.get(context) ?? []), ...eventNames])];
}

async function declareQueue(channel: Channel, names: RabbitmqNames, context: ContextName): Promise<void> {
  await channel.assertQueue(names.queueOf(context), {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      // One active instance of the context at a time, which keeps the order; another takes over when it is gone.
      'x-single-active-consumer': true,
      'x-delivery-limit': DELIVERY_LIMIT,
      'x-consumer-timeout': CONSUMER_TIMEOUT_MS,
      'x-dead-letter-exchange': names.dead,
      'x-dead-letter-routing-key': context,
      // A message leaves the queue only when the dead-letter queue has it; RabbitMQ supports this with this overflow
      // setting only.
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  });
}

async function declareDeadQueue(channel: Channel, names: RabbitmqNames, context: ContextName): Promise<void> {
  const queue = names.deadQueueOf(context);
  await channel.assertQueue(queue, {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': NO_LIMIT,
      'x-consumer-timeout': CONSUMER_TIMEOUT_MS,
    },
  });
  await channel.bindQueue(queue, names.dead, context);
}
