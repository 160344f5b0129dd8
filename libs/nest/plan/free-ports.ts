import type { Endpoint, PlannedProcess } from '@fissile/kit/rpc';
import { claimFreePort } from '@fissile/kit/host';

/** Gives free ports to each place that has none yet. They are kept for the processes as long as this one runs. */
export async function chooseFreePorts(processes: readonly PlannedProcess[]): Promise<PlannedProcess[]> {
  return Promise.all(
    processes.map(async (process) => ({
      ...process,
      endpoints: await Promise.all(process.endpoints.map(withPorts)),
    })),
  );
}

async function withPorts(place: Endpoint): Promise<Endpoint> {
  const httpPort = place.httpPort || (await claimFreePort());
  const rpcPort = place.rpcPort || (await claimFreePort());
  return { ...place, httpPort, rpcPort };
}
