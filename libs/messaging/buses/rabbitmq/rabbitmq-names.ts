import type { ContextName } from '@fissile/kit/contract';

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

  /** By this a queue is bound to all versions of an event. */
  versionsOf(eventName: string): string {
    return `${eventName}.*`;
  }

  queueOf(context: ContextName): string {
    return `${this.events}.${context}`;
  }

  deadQueueOf(context: ContextName): string {
    return `${this.queueOf(context)}.dead`;
  }
}

/** The arguments of the queue of a context. */
export function queueArguments(names: RabbitmqNames, context: ContextName): Record<string, unknown> {
  return {
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
  };
}

/** Those of its dead-letter queue. */
export const DEAD_QUEUE_ARGUMENTS = {
  'x-queue-type': 'quorum',
  'x-delivery-limit': NO_LIMIT,
  'x-consumer-timeout': CONSUMER_TIMEOUT_MS,
};
