import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Product } from '@fissile/kit/contract';
import { EventBusStartError } from '../buses/event-bus-start-error.js';
import { Inbox } from './inbox.js';

/**
 * Checks that a context handles the events that its definition lists. The buses without a broker do not need the
 * list, but without the check a mismatch would only show when a broker is introduced.
 */
@Injectable()
export class SubscriptionCheck implements OnApplicationBootstrap {
  constructor(
    private readonly inbox: Inbox,
    private readonly product: Product,
  ) {}

  /** @throws EventBusStartError */
  onApplicationBootstrap(): void {
    const { context } = this.inbox;
    const known = this.product.subscriptionsOf(context);
    const missing = this.inbox.handledEventNames().filter((eventName) => !known.includes(eventName));
    if (missing.length === 0) return;
    throw new EventBusStartError(
      `${context} handles ${missing.join(', ')}, and its definition does not subscribe to it. ` +
        'Add the event to `subscribes`, or to `awaits` where a saga waits for it, or a broker keeps none of it before the context first runs.',
    );
  }
}
