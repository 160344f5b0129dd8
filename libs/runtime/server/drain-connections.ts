import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const CLOSE_IDLE_EVERY_MS = 50;

/**
 * Accepts no more connections, and resolves when all that are open have ended. Each gets an answer to what is in flight. One
 * that is idle stays open for the grace period, since its client may be sending at this moment; a request that arrives meanwhile
 * is served, and its answer has to say `Connection: close`.
 */
export async function drainConnections(server: Server, graceMs: number): Promise<void> {
  // The close() of an HTTP server would cut idle connections at once; that of the class below it stops listening alone.
  const drained = new Promise<void>((resolve) => {
    NetServer.prototype.close.call(server, () => resolve());
  });
  await Promise.race([drained, pause(graceMs)]);
  server.closeIdleConnections();
  // A connection whose answer left before the stop began may be kept alive by its client.
  const timer = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  try {
    await drained;
  } finally {
    clearInterval(timer);
  }
}
