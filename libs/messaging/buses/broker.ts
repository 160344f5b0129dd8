import type { ContextName, EventEnvelope } from '@fissile/kit/contract';
import type { Subscriber } from './event-bus.js';

/** The events that contexts handle, by context, as names without version. */
export type Subscriptions = ReadonlyMap<ContextName, readonly string[]>;

/** A message broker that carries events; RabbitMQ, Kafka or NATS. */
export interface Broker {
  /** As /health shows it. */
  readonly name: string;
  /** Connects, declares what is needed there, and begins to consume for the subscribers; rejects rather than hangs. */
  open(subscribers: readonly Subscriber[]): Promise<BrokerSession>;
}

/** All that hangs on one connection to a broker. It is not mended: when it breaks, another one is opened. */
export interface BrokerSession {
  /** Resolves with the reason when the connection, or anything else that it needs, is gone, and after close(). Never rejects. */
  readonly lost: Promise<string>;
  /** Resolves when the broker keeps the event durably; rejects when it may not have it. */
  publish(envelope: EventEnvelope): Promise<void>;
  /** Begins no more events, ends those under way, and closes. What was not handled comes again. Never rejects. */
  close(): Promise<void>;
}
