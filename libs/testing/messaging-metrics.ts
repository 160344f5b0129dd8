import { MessagingMetrics, WatchedOutboxes } from '@fissile/kit/messaging';
import { unreadCounter } from './unread-counter.js';

/** Unregistered metrics, for tests of code that counts. */
export function unreadMessagingMetrics(): MessagingMetrics {
  return new MessagingMetrics(
    unreadCounter('context', 'outcome'),
    unreadCounter('context', 'consumer', 'outcome'),
    new WatchedOutboxes(),
    unreadCounter('source', 'context'),
  );
}
