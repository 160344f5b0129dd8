import type { Place, PlacedProcess } from '@fissile/kit/rpc';
import { claimFreePort } from '@fissile/kit/host';

/** Gives free ports to each place that has none yet. They are kept for the processes as long as this one runs. */
export async function chooseFreePorts(processes: readonly PlacedProcess[]): Promise<PlacedProcess[]> {
  return Promise.all(
    processes.map(async (process) => ({
      ...process,
      places: await Promise.all(process.places.map(withPorts)),
    })),
  );
}

async function withPorts(place: Place): Promise<Place> {
  const httpPort = place.httpPort || (await claimFreePort());
  const rpcPort = place.rpcPort || (await claimFreePort());
  return { ...place, httpPort, rpcPort };
}
