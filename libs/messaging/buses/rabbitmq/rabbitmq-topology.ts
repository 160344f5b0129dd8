import type { Channel, ChannelModel } from 'amqplib';
import type { ContextName } from '@fissile/kit/contract';
import type { Subscriptions } from '../broker.js';
import type { Subscriber } from '../event-bus.js';
import { DEAD_QUEUE_ARGUMENTS, queueArguments, type RabbitmqNames } from './rabbitmq-names.js';

const ACCESS_REFUSED = 403;

/** The names of the events that a context handles. */
type Handled = ReadonlyMap<ContextName, readonly string[]>;

/**
 * Declares the exchanges, and the queues of all contexts that handle events: an exchange drops messages without a
 * bound queue, so the first process that publishes creates the queues of contexts that have not run yet. Where the
 * account of the process may not, an operator has declared them; then it only makes sure that they are there.
 */
export async function provideTopology(
  connection: ChannelModel,
  names: RabbitmqNames,
  subscriptions: Subscriptions,
  subscribers: readonly Subscriber[],
): Promise<void> {
  const handled = handledIn(subscriptions, subscribers);
  const own = new Set(subscribers.map(({ context }) => context));
  try {
    await onChannel(connection, (channel) => declare(channel, names, handled));
  } catch (error) {
    if ((error as { code?: unknown }).code !== ACCESS_REFUSED) throw error;
    await onChannel(connection, (channel) => find(channel, names, handled, own));
  }
}

/** One that is refused something is closed by RabbitMQ. */
async function onChannel(connection: ChannelModel, work: (channel: Channel) => Promise<void>): Promise<void> {
  const channel = await connection.createChannel();
  let isOpen = true;
  channel.on('close', () => (isOpen = false));
  // What failed is rejected as well.
  channel.on('error', () => (isOpen = false));
  try {
    await work(channel);
  } finally {
    if (isOpen) await channel.close();
  }
}

async function declare(channel: Channel, names: RabbitmqNames, handled: Handled): Promise<void> {
  await channel.assertExchange(names.events, 'topic', { durable: true });
  await channel.assertExchange(names.dead, 'direct', { durable: true });
  for (const [context, eventNames] of handled) {
    const dead = names.deadQueueOf(context);
    await channel.assertQueue(dead, { durable: true, arguments: DEAD_QUEUE_ARGUMENTS });
    await channel.bindQueue(dead, names.dead, context);
    const queue = names.queueOf(context);
    await channel.assertQueue(queue, { durable: true, arguments: queueArguments(names, context) });
    await bind(channel, names, context, eventNames);
  }
}

/** @throws Error that names what is missing */
async function find(
  channel: Channel,
  names: RabbitmqNames,
  handled: Handled,
  own: ReadonlySet<ContextName>,
): Promise<void> {
  await channel.checkExchange(names.events);
  for (const [context, eventNames] of handled) {
    await channel.checkQueue(names.queueOf(context));
    await channel.checkQueue(names.deadQueueOf(context));
    if (own.has(context)) await bind(channel, names, context, eventNames);
  }
}

async function bind(
  channel: Channel,
  names: RabbitmqNames,
  context: ContextName,
  eventNames: readonly string[],
): Promise<void> {
  for (const eventName of eventNames) {
    await channel.bindQueue(names.queueOf(context), names.events, names.versionsOf(eventName));
  }
}

function handledIn(subscriptions: Subscriptions, subscribers: readonly Subscriber[]): Handled {
  const handled = new Map<ContextName, readonly string[]>(subscriptions);
  for (const subscriber of subscribers) {
    const known = handled.get(subscriber.context) ?? [];
    handled.set(subscriber.context, [...new Set([...known, ...subscriber.handledEventNames()])]);
  }
  return new Map([...handled].filter(([, eventNames]) => eventNames.length > 0));
}
