import { setTimeout as pause } from 'node:timers/promises';
import type { Served } from './figures.js';

/**
 * Clients that each send the next request when the previous one is answered (a closed loop).
 * @param once sends one request and resolves with its response; it receives the number of its client, from 0
 */
export async function runClients(
  { concurrency, seconds }: { readonly concurrency: number; readonly seconds: number },
  once: (client: number) => Promise<unknown>,
): Promise<Served> {
  const latencies: number[] = [];
  const done = watchClients();
  const endAt = performance.now() + seconds * 1_000;
  const client = async (index: number): Promise<void> => {
    for (let now = performance.now(); now < endAt; now = performance.now()) {
      await once(index);
      latencies.push(performance.now() - now);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, index) => client(index)));
  return done(latencies);
}

/**
 * Requests that come at a fixed rate, whether those before are answered or not (an open loop). A response's time counts from when
 * its request was due, so a server that pauses has all that came meanwhile against it; clients that wait for it would have sent less
 * ("coordinated omission", Gil Tene).
 * @param rate requests per second
 * @param once as for `runClients`; each request is a client of its own
 */
export async function runAtRate(
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
  once: (client: number) => Promise<unknown>,
): Promise<Served> {
  const latencies: number[] = [];
  const done = watchClients();
  const startedAt = performance.now();
  const send = async (index: number, dueAt: number): Promise<void> => {
    await once(index);
    latencies.push(performance.now() - dueAt);
  };
  const sent: Promise<void>[] = [];
  const count = Math.round(rate * seconds);
  while (sent.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) / 1_000) * rate) + 1);
    while (sent.length < due) sent.push(send(sent.length, startedAt + (sent.length / rate) * 1_000));
    await pause(1);
  }
  await Promise.all(sent);
  return done(latencies);
}

/** What the requests took from now until the returned function is called. */
function watchClients(): (latencies: number[]) => Served {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  return (latencies) => {
    const { user, system } = process.cpuUsage(before);
    return {
      count: latencies.length,
      seconds: (performance.now() - startedAt) / 1_000,
      latencies: latencies.sort((one, other) => one - other),
      clientCpuSeconds: (user + system) / 1_000_000,
    };
  };
}
