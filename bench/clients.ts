import type { Served } from './figures.js';

/**
 * Clients that each send the next request when the previous one is answered.
 * @param once sends one request and resolves with its response; it receives the number of its client, from 0
 */
export async function runClients(
  { concurrency, seconds }: { readonly concurrency: number; readonly seconds: number },
  once: (client: number) => Promise<unknown>,
): Promise<Served> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1_000;
  const client = async (index: number): Promise<void> => {
    for (let now = performance.now(); now < endAt; now = performance.now()) {
      await once(index);
      latencies.push(performance.now() - now);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, index) => client(index)));
  const took = (performance.now() - startedAt) / 1_000;
  return {
    count: latencies.length,
    seconds: took,
    latencies: latencies.sort((one, other) => one - other),
  };
}
