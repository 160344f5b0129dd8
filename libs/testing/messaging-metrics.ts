import { Counter } from 'prom-client';
import { MessagingMetrics, WatchedOutboxes } from '#libs/messaging';

/** Metrics that nobody reads, for tests of what counts. */
export function unreadMessagingMetrics(): MessagingMetrics {
  const counter = (...labelNames: string[]) =>
    new Counter({ name: 'unread', help: 'Unread', labelNames, registers: [] });
  return new MessagingMetrics(
    counter('context', 'outcome'),
    counter('context', 'consumer', 'outcome'),
    new WatchedOutboxes(),
  );
}
