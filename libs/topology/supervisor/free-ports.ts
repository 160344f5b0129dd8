import { createServer, type Server } from 'node:net';
import type { PlacedProcess } from '../placement.js';

/** Gives a free port to each process that has none yet. */
export async function chooseFreePorts(processes: readonly PlacedProcess[]): Promise<PlacedProcess[]> {
  // All are held until all are found, so that no port is found twice.
  const held: Server[] = [];
  try {
    const chosen: PlacedProcess[] = [];
    for (const process of processes) {
      const httpPort = process.httpPort || (await holdFreePort(held));
      const rpcPort = process.rpcPort || (await holdFreePort(held));
      chosen.push({ ...process, httpPort, rpcPort });
    }
    return chosen;
  } finally {
    await Promise.all(held.map((server) => new Promise((closed) => server.close(closed))));
  }
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
