import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import {
  ContextError,
  type ContextName,
  type EventEnvelope,
  eventNameOf,
  eventType,
  type EventType,
} from '@fissile/kit/contract';
import {
  type BrokerName,
  brokerUrl,
  clearBroker,
  freePort,
  openTestDatabase,
  startBroker,
  type TestDatabase,
  TraceRecorder,
  until,
} from '@fissile/kit/testing';
import { PgNotifications } from '@fissile/kit/database';
import { activeTrace, inSpan } from '@fissile/kit/observability';
import { currentCall, runInCall } from '@fissile/kit/request';
import type { Broker } from './broker.js';
import { BrokerEventBus } from './broker-event-bus.js';
import { DeadLetters } from '../inbox/dead-letters.js';
import { DirectEventBus } from './direct/direct-event-bus.js';
import type { EventBus } from './event-bus.js';
import type { EventHandler } from '../inbox/event-handling.js';
import { Inbox } from '../inbox/inbox.js';
import { WaitingEventLoop } from '../inbox/waiting-event-loop.js';
import { LocalEventBus } from './local-event-bus.js';
import { MESSAGING_MIGRATIONS } from '../messaging.migration.js';
import type { EventBusName } from '../messaging.settings.js';
import { kafkaBroker } from './kafka/kafka-broker.js';
import { natsBroker } from './nats/nats-broker.js';
import { Outbox } from '../outbox/outbox.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { rabbitmqBroker } from './rabbitmq/rabbitmq-broker.js';
import { RemoteInboxes } from './direct/remote-inboxes.js';
import { unreadMessagingMetrics } from '../unread-messaging-metrics.js';

const Happened = eventType(
  'tests.happened.v1',
  z.strictObject({ id: z.string(), count: z.int() }),
  ({ id }) => id,
);
const Unheard = eventType('tests.unheard.v1', Happened.schema, Happened.key);
type Data = { id: string; count: number };
type Handler = EventHandler<Data>;
type Handlers = Partial<Record<ContextName, Handler>>;

/** Contexts that may handle the event. Only their names matter in this spec. */
const SUBSCRIPTIONS = new Map(['alpha', 'beta'].map((context) => [context, [eventNameOf(Happened.name)]]));

type MakeBroker = (prefix: string, url: string) => Broker;

const BUSES: Record<'local' | 'direct', undefined> & Record<BrokerName & EventBusName, MakeBroker> = {
  local: undefined,
  direct: undefined,
  rabbitmq: (prefix, url) =>
    rabbitmqBroker({ prefix, settings: { RABBITMQ_URL: url }, subscriptions: SUBSCRIPTIONS }),
  kafka: (prefix, url) =>
    kafkaBroker({ prefix, settings: { KAFKA_BROKERS: url.split(',') }, sessionMs: 4_000 }),
  nats: (prefix, url) => natsBroker({ prefix, settings: { NATS_URL: url } }),
};

/**
 * What the processes of one application share: the names on the broker, and for `direct` the location of each
 * context.
 */
class TestProduct {
  readonly prefix = `b${randomBytes(5).toString('hex')}`;
  readonly processes: TestProcess[] = [];

  constructor(
    readonly opened: TestDatabase,
    private readonly name: EventBusName,
    private readonly makeBroker: MakeBroker | undefined,
    private readonly url: string,
  ) {}

  /** Starts a process with an outbox relay and these contexts. */
  async start(handlers: Handlers = {}, { connected = true } = {}): Promise<TestProcess> {
    const process = new TestProcess(this.opened, (local) => this.busFor(local, handlers), handlers);
    this.processes.push(process);
    const { bus } = process;
    if (connected && bus instanceof BrokerEventBus) {
      await until('it is connected', () => bus.isConnected);
    }
    return process;
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
  }

  private busFor(local: LocalEventBus, handlers: Handlers): EventBus {
    if (this.makeBroker) return new BrokerEventBus(this.makeBroker(this.prefix, this.url), local);
    if (this.name === 'local') return local;
    // No test runs beta in another process than the publisher's.
    const remote = (['alpha'] as const).filter((context) => !(context in handlers));
    return new DirectEventBus(local, new OtherProcesses(this, remote));
  }
}

class OtherProcesses extends RemoteInboxes {
  constructor(
    private readonly product: TestProduct,
    private readonly remote: readonly ContextName[],
  ) {
    super();
  }

  contexts = () => this.remote;
  deliver = async (context: ContextName, envelope: EventEnvelope) =>
    this.hostOf(context).local.publishTo(context, envelope);
  handledTypes = async (context: ContextName) => this.hostOf(context).local.eventNamesHandledBy(context);

  private hostOf(context: ContextName): TestProcess {
    const host = this.product.processes.find((process) => process.isRunning && context in process.handlers);
    if (!host) throw ContextError.of('unavailable');
    return host;
  }
}

/** One process of an application, as far as events are concerned. */
class TestProcess {
  readonly local = new LocalEventBus();
  readonly bus: EventBus & Partial<Pick<BrokerEventBus, 'onApplicationBootstrap' | 'onModuleDestroy'>>;
  readonly outbox: Outbox;
  isRunning = true;
  private readonly relay: OutboxRelay;
  readonly inboxes: Inbox[] = [];
  private readonly waiting: WaitingEventLoop[] = [];
  private readonly notifications: PgNotifications;

  constructor(
    { database }: TestDatabase,
    busFor: (local: LocalEventBus) => EventBus,
    readonly handlers: Handlers,
  ) {
    this.bus = busFor(this.local);
    const deadLetters = new DeadLetters(database);
    for (const [context, handler] of Object.entries(handlers) as [ContextName, Handler][]) {
      const inbox = new Inbox(database, this.bus, deadLetters, unreadMessagingMetrics());
      inbox.on(Happened, `${context}-consumer`, handler);
      const loop = new WaitingEventLoop(inbox);
      loop.onApplicationBootstrap();
      this.inboxes.push(inbox);
      this.waiting.push(loop);
      this.bus.subscribe({
        context,
        handledEventNames: () => inbox.handledEventNames(),
        deliver: (envelope) => inbox.deliver(envelope),
        receive: (message) => inbox.receive(message),
        deadLetterMessage: async (message, reason) => void (await deadLetters.addUnreadable(message, reason)),
      });
    }
    this.outbox = new Outbox(database);
    this.notifications = new PgNotifications(database);
    this.relay = new OutboxRelay(
      database,
      this.bus,
      this.notifications,
      unreadMessagingMetrics(),
      this.outbox,
    );
    this.bus.onApplicationBootstrap?.();
    this.relay.onApplicationBootstrap();
  }

  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.isRunning = false;
    await Promise.all([this.relay.onModuleDestroy(), this.bus.onModuleDestroy?.()]);
    await Promise.all(this.waiting.map((loop) => loop.onModuleDestroy()));
    await this.notifications.onApplicationShutdown();
  }
}

// Concurrently, because the tests mostly wait.
/** One exporter for all, because a process has one tracer. */
let recorder: TraceRecorder;

describe('Events', { concurrency: true }, () => {
  before(async () => (recorder = await TraceRecorder.start()));
  after(() => recorder.stop());

  for (const [name, makeBroker] of Object.entries(BUSES) as [EventBusName, MakeBroker | undefined][]) {
    checkBus(name, makeBroker);
  }
});

function checkBus(name: EventBusName, makeBroker: MakeBroker | undefined): void {
  const broker = makeBroker ? (name as BrokerName) : undefined;
  const url = broker === undefined ? '' : brokerUrl(broker);

  describe(`over ${name}`, { skip: url === undefined, concurrency: false }, () => {
    let opened: TestDatabase;
    let product: TestProduct;

    before(async () => {
      opened = await openTestDatabase({ migrations: MESSAGING_MIGRATIONS });
      await opened.database.query(
        'CREATE TABLE effects (position serial, context text, id text, count integer)',
      );
      product = newProduct();
    });

    afterEach(async () => {
      await product.close();
      if (broker && url !== undefined)
        await clearBroker(broker, url, product.prefix, [...SUBSCRIPTIONS.keys()]);
      await opened.database.query('TRUNCATE outbox, inbox, dead_letters, waiting_events, effects');
      product = newProduct();
    });

    after(() => opened.close());

    const newProduct = (at = url ?? '') => new TestProduct(opened, name, makeBroker, at);

    const publish = (
      { outbox }: TestProcess,
      events: readonly Data[],
      type: EventType<string, Data> = Happened,
    ) =>
      opened.database.transaction(async (transaction) => {
        for (const event of events) outbox.add(transaction, type, event);
      });
    const record =
      (context: ContextName): Handler =>
      async ({ data }, transaction) => {
        await transaction.query('INSERT INTO effects (context, id, count) VALUES ($1, $2, $3)', [
          context,
          data.id,
          data.count,
        ]);
      };
    /** As /health reports it, also of processes that handle nothing. */
    const allAreConnected = () =>
      until('all are connected again', () =>
        product.processes.every(({ bus }) => (bus as BrokerEventBus).isConnected),
      );
    const failing: Handler = () => Promise.reject(ContextError.of('unavailable'));
    const effectsOf = (context: ContextName) =>
      opened.database.query<Data>('SELECT id, count FROM effects WHERE context = $1 ORDER BY position', [
        context,
      ]);
    const handledBy = (context: ContextName, amount: number) =>
      until(
        `${context} has handled ${amount}`,
        async () => (await effectsOf(context)).length >= amount && effectsOf(context),
      );
    const letters = (amount: number) =>
      until('there are dead letters', async () => {
        const found = await new DeadLetters(opened.database).list(10);
        return found.length >= amount && found;
      });
    const outboxIsEmpty = () =>
      until('all is published', async () => {
        const unpublished = 'SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1';
        return (await opened.database.query(unpublished)).length === 0;
      });

    it('arrive at each context that handles them, a copy for each', async () => {
      const process = await product.start({ alpha: record('alpha'), beta: record('beta') });
      await publish(process, [{ id: 'a', count: 1 }]);
      assert.deepEqual(await handledBy('alpha', 1), [{ id: 'a', count: 1 }]);
      assert.deepEqual(await handledBy('beta', 1), [{ id: 'a', count: 1 }]);
    });

    it('belong to the trace of what made them true, also when they have to wait', async () => {
      let refusals = 2;
      let traceId: string | undefined;
      const process = await product.start({
        alpha: async (event, transaction) => {
          if ((refusals -= 1) >= 0) throw ContextError.of('unavailable');
          await record('alpha')(event, transaction);
        },
      });
      await inSpan({ name: 'cause', kind: 'internal', attributes: {} }, async () => {
        traceId = activeTrace()?.traceId;
        await publish(process, [{ id: 'a', count: 1 }]);
      });
      await handledBy('alpha', 1);
      await outboxIsEmpty();
      const trace = () => recorder.spans.filter((span) => span.spanContext().traceId === traceId);
      const named = (span: string) => trace().filter((each) => each.name === span);
      const [published, handled] = await until('all have ended', () => {
        const both = [named(`publish ${Happened.name}`), named(`process ${Happened.name}`)] as const;
        return both.every(({ length }) => length > 0) && both;
      });
      const idOf = (span: (typeof published)[number]) => span.spanContext().spanId;
      for (const { parentSpanContext } of published) {
        assert.deepEqual(parentSpanContext?.spanId, named('cause').map(idOf)[0]);
      }
      for (const { parentSpanContext, attributes } of handled) {
        assert.ok(published.map(idOf).includes(parentSpanContext?.spanId ?? ''), 'a child of publishing');
        // Nothing leaves a process that is alone, unless a broker takes it.
        assert.equal(attributes['messaging.system'], name === 'direct' ? 'local' : name);
      }
    });

    it('keep the trace id and the baggage of the request that made them true', async () => {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const baggage = 'tenant=a%20b,tier=gold';
      let seen: unknown;
      const process = await product.start({
        alpha: async (event, transaction) => {
          seen = [currentCall()?.traceId, currentCall()?.baggage];
          await record('alpha')(event, transaction);
        },
      });
      await runInCall({ requestId: 'r', traceId, baggage }, () => publish(process, [{ id: 'a', count: 1 }]));
      await handledBy('alpha', 1);
      assert.deepEqual(seen, [traceId, baggage]);
    });

    it('may have no handler', async () => {
      const process = await product.start({ alpha: record('alpha') });
      await publish(process, [{ id: 'a', count: 1 }], Unheard);
      await publish(process, [{ id: 'a', count: 2 }]);
      assert.deepEqual(await handledBy('alpha', 1), [{ id: 'a', count: 2 }]);
      await outboxIsEmpty();
    });

    it('are handled in order per key, also when handling fails for a while', async () => {
      let calls = 0;
      const process = await product.start({
        alpha: async (event, transaction) => {
          calls += 1;
          if (calls % 5 === 0) throw ContextError.of('unavailable');
          await record('alpha')(event, transaction);
        },
      });
      await publish(process, series(['a', 'b', 'c'], 8));
      assertInOrder(await handledBy('alpha', 24), ['a', 'b', 'c'], 8);
    });

    it('wait behind a dead letter of their key, and are handled in order once it is replayed', async () => {
      let broken = true;
      const process = await product.start({
        alpha: async (event, transaction) => {
          if (broken && event.data.id === 'a' && event.data.count === 1) throw new Error('a bug');
          await record('alpha')(event, transaction);
        },
      });
      await publish(process, series(['a', 'b'], 3));
      const [letter] = await letters(1);
      await until('the later events of the key wait', async () => {
        const rows = await opened.database.query('SELECT 1 FROM waiting_events');
        return rows.length === 2;
      });
      assertInOrder(await handledBy('alpha', 3), ['b'], 3);
      broken = false;
      await process.inboxes[0]?.replay(letter?.id ?? '');
      assertInOrder(await handledBy('alpha', 6), ['a', 'b'], 3);
    });

    it('of an unknown version are dead-lettered, and the next are handled', async () => {
      const process = await product.start({ alpha: record('alpha') });
      const Newer = eventType('tests.happened.v2', Happened.schema, Happened.key);
      await publish(process, [{ id: 'a', count: 1 }], Newer);
      await publish(process, [{ id: 'b', count: 2 }]);
      assert.deepEqual(await handledBy('alpha', 1), [{ id: 'b', count: 2 }]);
      const [letter] = await letters(1);
      assert.match(letter?.reason ?? '', /is a version that alpha-consumer does not know/);
    });

    it('that were not handled when their process stopped come again', async () => {
      let failed = 0;
      const first = await product.start({
        alpha: async () => {
          failed += 1;
          throw ContextError.of('unavailable');
        },
      });
      await publish(first, series(['a', 'b'], 3));
      await until('both keys have failed', () => failed >= 2);
      await first.stop();
      assert.deepEqual(await effectsOf('alpha'), []);
      await product.start({ alpha: record('alpha') });
      assertInOrder(await handledBy('alpha', 6), ['a', 'b'], 3);
    });

    it('survive that processes stop and start while they are on their way', async () => {
      const first = await product.start({ alpha: record('alpha') });
      await publish(first, series(['a', 'b', 'c', 'd'], 50));
      await handledBy('alpha', 10);
      await first.stop();
      await product.start({ alpha: record('alpha') });
      assertInOrder(await handledBy('alpha', 200), ['a', 'b', 'c', 'd'], 50);
    });

    if (name === 'local') return;

    it('wait for a context that is down', async () => {
      const stopped = await product.start({ alpha: record('alpha') });
      await publish(stopped, [{ id: 'a', count: 0 }]);
      await handledBy('alpha', 1);
      await stopped.stop();
      const publisher = await product.start();
      await publish(publisher, series(['a', 'b'], 3));
      await product.start({ alpha: record('alpha') });
      const [, ...handled] = await handledBy('alpha', 7);
      assertInOrder(handled, ['a', 'b'], 3);
    });

    it('wait for a context that has never run', async () => {
      const publisher = await product.start({ beta: record('beta') });
      await publish(publisher, [{ id: 'a', count: 1 }]);
      await handledBy('beta', 1);
      await product.start({ alpha: record('alpha') });
      assert.deepEqual(await handledBy('alpha', 1), [{ id: 'a', count: 1 }]);
    });

    if (broker === undefined || makeBroker === undefined) return;

    it('are shared by the instances of a context, once in effect and in order per key', async () => {
      const one = await product.start({ alpha: record('alpha') });
      const other = await product.start({ alpha: record('alpha') });
      await publish(one, series(['a', 'b', 'c', 'd'], 20));
      await handledBy('alpha', 5);
      await other.stop();
      await product.start({ alpha: record('alpha') });
      await one.stop();
      assertInOrder(await handledBy('alpha', 80), ['a', 'b', 'c', 'd'], 20);
    });

    it('that are malformed are dead-lettered, and the next are handled', async () => {
      const { bus, ...process } = await product.start({ alpha: record('alpha') });
      await bus.publish({ type: Happened.name, subject: 'a', data: 'no event' } as EventEnvelope);
      await publish(process as TestProcess, [{ id: 'a', count: 2 }]);
      assert.deepEqual(await handledBy('alpha', 1), [{ id: 'a', count: 2 }]);
      const [letter] = await letters(1);
      assert.match(letter?.reason ?? '', /not a CloudEvents envelope of ours/);
    });

    if (broker !== 'kafka' && url !== undefined) {
      it('go on when what the broker keeps of them is deleted under them', async () => {
        const publisher = await product.start();
        await product.start({ alpha: record('alpha') });
        await publish(publisher, [{ id: 'a', count: 0 }]);
        await handledBy('alpha', 1);
        await clearBroker(broker, url, product.prefix, [...SUBSCRIPTIONS.keys()]);
        // What is sent while it is declared again may go with what was deleted, so that one more follows until one arrives.
        let count = 0;
        const counts = await until('a later one is handled', async () => {
          await publish(publisher, [{ id: 'a', count: (count += 1) }]);
          await outboxIsEmpty();
          const handled = (await effectsOf('alpha')).map((effect) => effect.count);
          return (handled.at(-1) ?? 0) > 1 && handled;
        });
        assert.equal(new Set(counts).size, counts.length, `each at most once: ${counts}`);
        await allAreConnected();
      });
    }

    if (broker === 'nats' && url !== undefined) {
      it('go on when a consumer is deleted', async () => {
        const process = await product.start({ alpha: record('alpha') });
        await publish(process, [{ id: 'a', count: 0 }]);
        await handledBy('alpha', 1);
        await deleteNatsConsumers(url, `${product.prefix}-events`);
        await publish(process, [{ id: 'a', count: 1 }]);
        assert.equal((await handledBy('alpha', 2)).length, 2);
        await allAreConnected();
      });
    }

    it('wait in the outbox while the broker is down, and go on when it is back', async () => {
      const port = await freePort();
      const folder = mkdtempSync(join(tmpdir(), 'fissile-broker-'));
      const own = await startBroker(broker, { port, folder });
      const restarted = newProduct(own.url);
      const process = await restarted.start({ alpha: record('alpha') });
      await publish(process, [{ id: 'a', count: 1 }]);
      await handledBy('alpha', 1);
      await own.stop();
      await until('the loss is seen', () => !(process.bus as BrokerEventBus).isConnected);
      await assert.rejects(process.bus.publish(envelopeOf({ id: 'b', count: 1 })), /not connected/);
      await publish(process, [{ id: 'a', count: 2 }]);
      const again = await startBroker(broker, { port, folder });
      assertInOrder(await handledBy('alpha', 2), ['a'], 2);
      await restarted.close();
      await again.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    it('are reported as unpublished at once when there is no subscriber', async () => {
      const lonely = newProduct(unreachable(url ?? '', await freePort()));
      const { bus } = await lonely.start({ alpha: failing }, { connected: false });
      await assert.rejects(bus.publish(envelopeOf({ id: 'a', count: 1 })), /not connected/);
      await lonely.close();
    });
  });
}

function series(ids: readonly string[], amount: number): Data[] {
  return Array.from({ length: amount }, (_, index) => ids.map((id) => ({ id, count: index + 1 }))).flat();
}

function assertInOrder(rows: readonly Data[], ids: readonly string[], amount: number): void {
  for (const id of ids) {
    assert.deepEqual(
      rows.filter((row) => row.id === id).map(({ count }) => count),
      Array.from({ length: amount }, (_, index) => index + 1),
    );
  }
}

function unreachable(url: string, port: number): string {
  return url.replace(/:\d+(?=\D*$)/, `:${port}`);
}

function envelopeOf(data: Data): EventEnvelope {
  return {
    specversion: '1.0',
    id: uuidv7(),
    source: '/tests',
    type: Happened.name,
    subject: data.id,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}

async function deleteNatsConsumers(url: string, stream: string): Promise<void> {
  const connection = await connect({ servers: [new URL(url).host] });
  try {
    const { consumers } = await jetstreamManager(connection);
    for await (const { name } of consumers.list(stream)) await consumers.delete(stream, name);
  } finally {
    await connection.close();
  }
}
