import { setTimeout as pause } from 'node:timers/promises';
import { databaseBehindProxy } from '../database-behind-proxy.js';
import type { LossyProxy } from '../lossy-proxy.js';
import type { RunningProduct } from '../product/running-product.js';
import type { TestServer } from '../test-database.js';
import { type EventBroker, OwnBroker } from './own-broker.js';
import type { Random } from './random.js';
import type { Workload } from './workload.js';

export interface FaultScene {
  readonly running: RunningProduct;
  readonly work: Workload;
  readonly random: Random;
}

/** What a fault needs around the product, before it starts. */
export interface FaultStage {
  readonly server?: TestServer;
  readonly settings?: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A kind of fault that needs nothing of the product. */
export interface FaultKind {
  readonly name: string;
  prepare?(): Promise<FaultStage>;
  /** Injects the fault while work goes on, and ends it. */
  inflict(scene: FaultScene): Promise<void>;
}

/** A process ends at most so long after work has begun: in the middle of something. */
const ANY_MOMENT_MS = 200;
/** Longer than a call waits for its answer. */
const SILENT_MS = 8_000;
const CUTS = 3;
/** Work between two faults of a round. */
const BETWEEN = 3;

/** Kills each process once, at any moment. */
const killed: FaultKind = {
  name: 'kill',
  inflict: (scene) => endEach(scene, (name) => scene.running.crash(name)),
};

/** Stops and starts each process once, in order, while it is busy. */
const restarted: FaultKind = {
  name: 'restart',
  inflict: (scene) => endEach(scene, (name) => scene.running.restart(name)),
};

async function endEach(
  { running, work, random }: FaultScene,
  end: (name: string | undefined) => Promise<void>,
): Promise<void> {
  const { processNames } = running;
  for (const name of processNames.length > 0 ? random.shuffle(processNames) : [undefined]) {
    await work.goesOn(BETWEEN);
    await pause(random.between(0, ANY_MOMENT_MS));
    await end(name);
  }
}

/** Closes all connections to the databases, several times. */
const connectionsCut: FaultKind = {
  name: 'connections-cut',
  inflict: async ({ running, work }) => {
    for (let round = 0; round < CUTS; round += 1) {
      await running.cutDatabaseConnections();
      await work.goesOn(BETWEEN);
    }
  },
};

/** Delivers every event of all outboxes again. */
const eventsAgain: FaultKind = {
  name: 'events-again',
  inflict: async ({ running, work }) => {
    await work.goesOn(BETWEEN);
    for (const context of running.contexts) {
      if (!(await hasOutbox(running, context))) continue;
      await running.query(context, 'UPDATE outbox SET published_at = NULL WHERE published_at IS NOT NULL');
    }
  },
};

async function hasOutbox(running: RunningProduct, context: string): Promise<boolean> {
  const [row] = await running.query<{ known: boolean }>(
    context,
    `SELECT to_regclass('outbox') IS NOT NULL AS known`,
  );
  return row?.known ?? false;
}

/** The database takes connections and data, and answers nothing for a while. */
function databaseSilent(): FaultKind {
  let proxy: LossyProxy;
  return {
    name: 'database-silent',
    prepare: async () => {
      const database = await databaseBehindProxy();
      proxy = database.proxy;
      return { server: { url: proxy.url, stop: async () => undefined }, close: () => database.close() };
    },
    inflict: async () => {
      proxy.pause();
      try {
        await pause(SILENT_MS);
      } finally {
        proxy.resume();
      }
    },
  };
}

/** The broker of the events stops and starts again. */
function brokerRestart(name: EventBroker): FaultKind {
  let broker: OwnBroker;
  return {
    name: 'broker-restart',
    prepare: async () => {
      broker = await OwnBroker.start(name);
      return { settings: broker.settings, close: () => broker.stop() };
    },
    inflict: () => broker.restart(),
  };
}

/** The names of all kinds. */
export const FAULT_KINDS = [
  'kill',
  'restart',
  'connections-cut',
  'events-again',
  'database-silent',
  'broker-restart',
] as const;

export type FaultKindName = (typeof FAULT_KINDS)[number];

/** @param broker what carries the events of the product; without one, its restart is left out */
export function faultKinds(names: readonly FaultKindName[], broker: EventBroker | undefined): FaultKind[] {
  const all = [killed, restarted, connectionsCut, eventsAgain, databaseSilent()];
  if (broker) all.push(brokerRestart(broker));
  return all.filter(({ name }) => names.includes(name as FaultKindName));
}
