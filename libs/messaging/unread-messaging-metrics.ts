import { Counter } from 'prom-client';
import { MessagingMetrics, WatchedOutboxes } from './messaging-metrics.js';

/** Unregistered metrics, for tests of code that publishes or handles events. */
export function unreadMessagingMetrics(): MessagingMetrics {
  const counter = (...labelNames: string[]): Counter =>
    new Counter({ name: 'unread', help: 'Unread', labelNames, registers: [] });
  return new MessagingMetrics(
    counter('context', 'outcome'),
    counter('context', 'consumer', 'outcome'),
    new WatchedOutboxes(),
    counter('source', 'context'),
  );
}
