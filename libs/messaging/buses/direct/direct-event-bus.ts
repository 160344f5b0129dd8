import { Injectable } from '@nestjs/common';
import { type ContextName, type EventEnvelope, eventNameOf } from '@fissile/kit/contract';
import { runDetached } from '@fissile/kit/request';
import { EventBus, type Subscriber } from '../event-bus.js';
import { LocalEventBus } from '../local-event-bus.js';
import { RemoteInboxes } from './remote-inboxes.js';

/** The longest time until a context receives an event type that its new version has begun to handle. */
const ASK_AGAIN_AFTER_MS = 30_000;

interface Interest {
  readonly eventNames: ReadonlySet<string>;
  readonly askedAt: number;
}

/**
 * The bus of several processes without a broker: events are sent directly to each context that handles them. An event
 * counts as published when all these contexts have handled it; while one of them is down, the event stays in the
 * outbox and is retried.
 */
@Injectable()
export class DirectEventBus extends EventBus {
  private readonly interests = new Map<ContextName, Interest>();
  private readonly asking = new Map<ContextName, Promise<Interest>>();

  constructor(
    private readonly local: LocalEventBus,
    private readonly remote: RemoteInboxes,
  ) {
    super();
  }

  /** As long as one process hosts every context, nothing leaves it. */
  get system(): string {
    return this.remote.contexts().length === 0 ? this.local.system : 'direct';
  }

  subscribe(subscriber: Subscriber): void {
    this.local.subscribe(subscriber);
  }

  async publish(envelope: EventEnvelope): Promise<void> {
    await Promise.all([
      this.local.publish(envelope),
      ...this.remote.contexts().map((context) => this.publishTo(context, envelope)),
    ]);
  }

  private async publishTo(context: ContextName, envelope: EventEnvelope): Promise<void> {
    if (await this.handles(context, eventNameOf(envelope.type))) await this.remote.deliver(context, envelope);
  }

  /**
   * A context that is down and has never reported what it handles might handle the event, so the event must wait for
   * it.
   */
  private async handles(context: ContextName, eventName: string): Promise<boolean> {
    const known = this.interests.get(context);
    if (known && Date.now() - known.askedAt < ASK_AGAIN_AFTER_MS) return known.eventNames.has(eventName);
    try {
      return (await this.ask(context)).eventNames.has(eventName);
    } catch (error) {
      if (known) return known.eventNames.has(eventName);
      throw error;
    }
  }

  /** Concurrent publishes share one request: one request per event would exceed the limit of calls in flight. */
  private ask(context: ContextName): Promise<Interest> {
    const underWay = this.asking.get(context);
    if (underWay) return underWay;
    const answer = runDetached(() => this.learn(context)).finally(() => this.asking.delete(context));
    this.asking.set(context, answer);
    return answer;
  }

  private async learn(context: ContextName): Promise<Interest> {
    const types = await this.remote.handledTypes(context);
    const interest = { eventNames: new Set(types.map(eventNameOf)), askedAt: Date.now() };
    this.interests.set(context, interest);
    return interest;
  }
}
