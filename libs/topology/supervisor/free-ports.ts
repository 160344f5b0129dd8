import { createServer, type Server } from 'node:net';
import type { Place, PlacedProcess } from '#libs/discovery';
import { quietPort } from '#libs/transport';

const MAX_ATTEMPTS = 1_000;

/** Gives free ports to each place that has none yet. */
export async function chooseFreePorts(processes: readonly PlacedProcess[]): Promise<PlacedProcess[]> {
  // All are held until all are found, so that no port is found twice.
  const held: Server[] = [];
  try {
    const chosen: PlacedProcess[] = [];
    for (const process of processes) {
      const places: Place[] = [];
      for (const place of process.places) places.push(await withPorts(place, held));
      chosen.push({ ...process, places });
    }
    return chosen;
  } finally {
    await Promise.all(held.map((server) => new Promise((closed) => server.close(closed))));
  }
}

async function withPorts(place: Place, held: Server[]): Promise<Place> {
  const httpPort = place.httpPort || (await holdFreePort(held));
  const rpcPort = place.rpcPort || (await holdFreePort(held));
  return { ...place, httpPort, rpcPort };
}

async function holdFreePort(held: Server[]): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const port = quietPort();
    const server = await listenOn(port);
    if (!server) continue;
    held.push(server);
    return port;
  }
  throw new Error('No port is free');
}

/** Undefined when the port is taken. */
function listenOn(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
