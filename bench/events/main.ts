import { CONTEXTS } from '#contracts';
import { clearBroker, provideBroker, type RunningBroker, startTestServer } from '@fissile/kit/testing';
import type { Round } from '../figures.js';
import { OwnTopology } from '../own-topology.js';
import { postgresVersion, readOptions, writeReport } from '../report/index.js';
import { inTurns } from '../turns.js';
import { EventFlow } from './event-flow.js';
import { BASE, eventReport } from './event-report.js';

/**
 * Delivers events from the outbox of one context to the inbox of another, over each bus in turns. Skips a bus whose
 * broker is neither running nor installable. Usage: npm run bench:events [-- --rounds N] [--events N] [--rate N]
 * [--seconds N] [--only bus,bus] [--no-report]
 */
const options = readOptions({ rounds: 3, events: 5_000, rate: 100, seconds: 5, only: '' });
const chosen = options.only.split(',').filter((name) => name !== '');
const WITH_BROKER = { rabbitmq: 'RABBITMQ_URL', nats: 'NATS_URL', kafka: 'KAFKA_BROKERS' } as const;
const BUSES = [BASE, 'direct', ...(Object.keys(WITH_BROKER) as (keyof typeof WITH_BROKER)[])] as const;

const database = await startTestServer();
process.env['TEST_DATABASE_URL'] = database.url;
const topology = new OwnTopology(
  'events:\n  core: [gateway, users, products, inventory, orders, payments]\n  notifier: [notifications]\n',
);
const brokers: RunningBroker[] = [];
const flows: EventFlow[] = [];
try {
  for (const bus of BUSES.filter((name) => chosen.length === 0 || name === BASE || chosen.includes(name))) {
    const flow = await start(bus);
    if (flow) flows.push(flow);
  }
  for (const flow of flows) await run(flow);
  const rounds = await inTurns(flows, options.rounds, run);
  const results = BUSES.map((name) => ({
    name,
    rounds: [...rounds].find(([flow]) => flow.name === name)?.[1] ?? [],
  }));
  await writeReport(eventReport(results, options.events, await postgresVersion(database.url)), options.full);
} finally {
  await Promise.all(flows.map((flow) => flow.stop()));
  await Promise.all(brokers.map((broker) => broker.stop()));
  await database.stop();
  topology.remove();
}

async function start(bus: (typeof BUSES)[number]): Promise<EventFlow | undefined> {
  if (bus === 'local' || bus === 'direct') {
    const place = bus === 'local' ? 'monolith' : 'events';
    return EventFlow.start(bus, { EVENT_BUS: bus, TOPOLOGY: place }, topology.folder);
  }
  const broker = await provideBroker(bus);
  if (broker.url === '') return undefined;
  const env = { EVENT_BUS: bus, TOPOLOGY: 'events', [WITH_BROKER[bus]]: broker.url };
  const flow = await EventFlow.start(bus, env, topology.folder);
  brokers.push({
    ...broker,
    stop: () => clearBroker(bus, broker.url, flow.prefix, CONTEXTS).then(() => broker.stop()),
  });
  return flow;
}

async function run(flow: EventFlow): Promise<Round> {
  return flow.run(options.events, options.rate, options.seconds).catch((error: unknown) => {
    console.error(`${flow.name}:\n${flow.output().slice(-2_000)}`);
    throw error;
  });
}
