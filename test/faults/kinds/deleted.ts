import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import { connect as connectRabbitmq } from 'amqplib';
import { CONTEXTS } from '#contracts';
import {
  brokerUrl,
  freePort,
  OwnBroker,
  queryServer,
  type RunningBroker,
  startBroker,
  until,
} from '@fissile/kit/testing';
import type { Shop } from '../../harness/shop.js';
import { EVERYWHERE, type Fault, type Scene, type Stage } from '../fault.js';

/** The queue by which a context receives its calls is deleted under the running processes. */
export function callQueueDeleted(): Fault {
  const url = brokerUrl('rabbitmq');
  return {
    name: 'a call queue deleted from RabbitMQ',
    heldBy: 'libs/rpc/transports/packets/rmq-transport.spec.ts',
    topologies: url === undefined ? [] : ['split'],
    tries: { short: 1, long: 10 },
    prepare: async (): Promise<Stage> => ({
      options: { env: { TRANSPORT: 'rmq', RABBITMQ_URL: url ?? '' } },
      close: async () => undefined,
    }),
    inflict: async ({ shop, random, recovery }) => {
      const connection = await connectRabbitmq(url ?? '');
      const channel = await connection.createChannel();
      const context = random.pick(['inventory', 'payments', 'orders', 'products']);
      recovery.begin();
      await channel.deleteQueue(`${shop.databasePrefix}.calls.${context}`);
      await connection.close();
    },
  };
}

/** The consumers of the events are deleted, and then the stream: it is empty by then, since it takes its events along. */
export function natsDeleted(): Fault {
  let broker: OwnBroker;
  return {
    name: 'consumers and stream deleted from NATS',
    heldBy: 'libs/messaging/buses/event-buses.spec.ts',
    topologies: brokerUrl('nats') === undefined ? [] : EVERYWHERE,
    tries: { short: 1, long: 5 },
    prepare: async (): Promise<Stage> => {
      broker = await OwnBroker.start('nats');
      return { options: { env: broker.settings }, close: () => broker.stop() };
    },
    inflict: async ({ shop, crowd, recovery }) => {
      const connection = await connectNats({ servers: [new URL(broker.url).host] });
      try {
        const manager = await jetstreamManager(connection);
        const stream = `${shop.databasePrefix}-events`;
        let all = 0;
        for await (const { name } of manager.consumers.list(stream)) {
          await manager.consumers.delete(stream, name);
          all += 1;
        }
        await crowd.goesOn(20);
        await crowd.stop();
        await until('all events are handled', () => isHandled(shop, manager, { stream, all }));
        recovery.begin();
        await manager.streams.delete(stream);
        crowd.begin();
      } finally {
        await connection.close();
      }
    },
  };
}

/**
 * No saga runs, nothing waits in an outbox, and the consumers have acknowledged what there is.
 * @param at all: the number of consumers that there have to be again; of one that is not yet there, nothing is known
 */
async function isHandled(
  shop: Shop,
  { consumers }: JetStreamManager,
  { stream, all }: { readonly stream: string; readonly all: number },
): Promise<boolean> {
  const rowsOf = (context: string, sql: string) =>
    queryServer(shop.databaseServerUrl, sql, [], `${shop.databasePrefix}_${context}`);
  const underWay = await Promise.all([
    rowsOf('orders', `SELECT 1 FROM sagas WHERE status IN ('running', 'compensating')`),
    ...CONTEXTS.map((context) => rowsOf(context, 'SELECT 1 FROM outbox WHERE published_at IS NULL')),
  ]);
  let unhandled = 0;
  let found = 0;
  for await (const { num_pending, num_ack_pending } of consumers.list(stream)) {
    found += 1;
    unhandled += num_pending + num_ack_pending;
  }
  return underWay.flat().length === 0 && found >= all && unhandled === 0;
}

/** Redis carries the calls and counts the requests for the limit; it restarts and is empty. */
export function redisEmptied(): Fault {
  let redis: RunningBroker;
  let port: number;
  return {
    name: 'Redis restarts empty',
    heldBy: 'libs/rpc/transports/packets/redis-transport.spec.ts',
    topologies: brokerUrl('redis') === undefined ? [] : ['split'],
    tries: { short: 1, long: 10 },
    prepare: async (): Promise<Stage> => {
      port = await freePort();
      redis = await startBroker('redis', { port });
      const env = {
        TRANSPORT: 'redis',
        REDIS_URL: redis.url,
        THROTTLE_ENABLED: 'true',
        THROTTLE_STORAGE: 'redis',
        // Counted, and never reached.
        THROTTLE_RATE: '10000',
        THROTTLE_BURST: '100000',
        THROTTLE_ADMIN_RATE: '10000',
        THROTTLE_ADMIN_BURST: '100000',
        THROTTLE_ROUTES: '',
      };
      return { options: { env }, close: () => redis.stop() };
    },
    inflict: async ({ crowd, recovery }: Scene) => {
      await redis.stop();
      await crowd.goesOn(5);
      redis = await startBroker('redis', { port });
      recovery.begin();
    },
  };
}
