import { Counter } from 'prom-client';

/** An unregistered metric, for tests of code that counts. */
export function unreadCounter(...labelNames: string[]): Counter {
  return new Counter({ name: 'unread', help: 'Unread', labelNames, registers: [] });
}
