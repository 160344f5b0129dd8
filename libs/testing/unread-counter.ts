import { Counter } from 'prom-client';

/** A metric that nobody reads, for tests of what counts. */
export function unreadCounter(...labelNames: string[]): Counter {
  return new Counter({ name: 'unread', help: 'Unread', labelNames, registers: [] });
}
