import type { FastifyInstance } from 'fastify';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { ContextError } from '@fissile/kit/contract';
import { isForOperators } from '@fissile/kit/operations';

/** Hides what operators alone need from whoever did not come by their port: there is nothing, as far as these can tell. */
export function hideFromPublic(fastify: FastifyInstance, adminPort: number): void {
  fastify.addHook('onRequest', async ({ routeOptions, socket }) => {
    if (socket.localPort === adminPort || !isForOperators(routeOptions.url ?? '')) return;
    throw ContextError.of('not_found');
  });
}

/**
 * Accepts connections at a second port for the same server, so that all its limits hold for them too.
 * @returns what ends the listening
 */
export async function listenForOperators(
  server: HttpServer,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const door = createServer((socket) => server.emit('connection', socket));
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject).listen(port, host, resolve);
  });
  return door;
}
