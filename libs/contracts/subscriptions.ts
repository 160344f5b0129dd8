import type { ContextName } from './contexts.js';
import { type EventType, familyOf } from './event.js';
import { OrderCancelled, OrderConfirmed } from './orders/orders.events.js';
import { PaymentRefunded } from './payments/payments.events.js';
import { UserRegistered } from './users/users.events.js';

/** What contexts handle of each other, by context. */
export type Subscriptions = Partial<Readonly<Record<ContextName, readonly EventType[]>>>;

/**
 * Which events which context handles. Every process knows it, so that a broker keeps them for a context that has never
 * run yet. A context that handles an event which is missing here does not start.
 */
export const SUBSCRIPTIONS: Subscriptions = {
  notifications: [UserRegistered, OrderConfirmed, OrderCancelled, PaymentRefunded],
};

/** The families of events that a context is known to handle. */
export function subscribedFamilies(
  context: ContextName,
  subscriptions: Subscriptions = SUBSCRIPTIONS,
): readonly string[] {
  return [...new Set((subscriptions[context] ?? []).map(({ name }) => familyOf(name)))];
}
