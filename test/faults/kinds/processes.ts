import { setTimeout as pause } from 'node:timers/promises';
import { CONTEXTS } from '#contracts';
import { EVERYWHERE, type Fault, type Scene } from '../fault.js';
import { KeepAliveClients } from '../keep-alive-clients.js';

/** A saga's owner keeps its lease for five seconds. */
const LONGER_THAN_A_LEASE_MS = 6_500;

const DOWN_MS = 9_000;

/** Kills a process at any moment. */
export const killed: Fault = {
  name: 'kill -9 at any moment',
  heldBy: 'test/topologies/faults.spec.ts',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 20 },
  inflict: async (scene) => {
    await pause(scene.random.between(0, 300));
    scene.recovery.begin();
    if (scene.shop.topology === 'monolith') {
      await scene.shop.kill();
      await scene.shop.run();
      return;
    }
    const name = scene.random.pick([...CONTEXTS, 'gateway']);
    const pid = scene.shop.signal(name, 'SIGKILL');
    await scene.shop.isBack(name, pid);
  },
};

/** Shuts a process down gracefully, while it is busy: no client of it sees its connection cut. */
export const stopped: Fault = {
  name: 'SIGTERM under load',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 10 },
  inflict: async ({ shop, crowd, random, recovery }) => {
    const [customer] = crowd.customers;
    if (!customer) throw new Error('the crowd is empty');
    const clients = await KeepAliveClients.start(shop.url, customer.token);
    recovery.begin();
    try {
      if (shop.topology === 'monolith') await shop.stop();
      else {
        const name = random.pick([...CONTEXTS, 'gateway']);
        const pid = shop.signal(name, 'SIGTERM');
        await shop.isBack(name, pid);
      }
    } finally {
      await clients.end();
    }
    if (shop.topology === 'monolith') await shop.run();
  },
};

/** Keeps a context down for longer than a few quick retries take: orders wait for it, and none is cancelled. */
export const keptDown: Fault = {
  name: 'a context that stays down for a while',
  topologies: ['split'],
  tries: { short: 1, long: 10 },
  inflict: async ({ shop, random, recovery }) => {
    const name = random.pick(['inventory', 'payments']);
    const until = Date.now() + DOWN_MS;
    let pid = shop.signal(name, 'SIGKILL');
    while (Date.now() < until) {
      await pause(100);
      if (shop.pids().get(name) !== pid) pid = shop.signal(name, 'SIGKILL');
    }
    recovery.begin();
    await shop.isBack(name, pid);
  },
};

/** Suspends a process for longer than its leases, and resumes it: another process may own its work by then. */
export const frozen: Fault = {
  name: 'frozen beyond its leases',
  topologies: EVERYWHERE,
  tries: { short: 1, long: 10 },
  inflict: async (scene) => {
    const thaw = freeze(scene);
    await pause(LONGER_THAN_A_LEASE_MS);
    thaw();
    scene.recovery.begin();
  },
};

function freeze({ shop, random }: Scene): () => void {
  if (shop.topology === 'monolith') {
    shop.signalAll('SIGSTOP');
    return () => shop.signalAll('SIGCONT');
  }
  const name = random.pick(['orders', 'inventory', 'payments', 'notifications']);
  shop.signal(name, 'SIGSTOP');
  return () => void shop.signal(name, 'SIGCONT');
}
