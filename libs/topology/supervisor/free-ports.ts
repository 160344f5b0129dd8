import { createServer, type Server } from 'node:net';
import type { Place, PlacedProcess } from '#libs/discovery';

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

function holdFreePort(held: Server[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    held.push(server);
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
