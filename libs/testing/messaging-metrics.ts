import { MessagingMetrics, WatchedOutboxes } from '@fissile/kit/messaging';
import { unreadCounter } from './unread-counter.js';

/** Metrics that nobody reads, for tests of what counts. */
export function unreadMessagingMetrics(): MessagingMetrics {
  return new MessagingMetrics(
    unreadCounter('context', 'outcome'),
    unreadCounter('context', 'consumer', 'outcome'),
    new WatchedOutboxes(),
  );
}
