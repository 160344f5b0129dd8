import { Injectable } from '@nestjs/common';
import type { EventEnvelope } from '#libs/contracts';
import { EventBus, type Subscriber } from './event-bus.js';

/**
 * The bus of a single process. An event counts as published when every subscriber has handled it, so a crash in
 * between leaves it in the outbox and it is delivered again.
 */
@Injectable()
export class LocalEventBus extends EventBus {
  private readonly subscribers: Subscriber[] = [];

  subscribe(subscriber: Subscriber): void {
    this.subscribers.push(subscriber);
  }

  async publish(envelope: EventEnvelope): Promise<void> {
    const interested = this.subscribers.filter((subscriber) => subscriber.handles(envelope.type));
    // Each takes a copy, as it would from a broker.
    await Promise.all(interested.map((subscriber) => subscriber.deliver(structuredClone(envelope))));
  }
}
