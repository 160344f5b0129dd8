import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { ContextError, type EventEnvelope } from '@fissile/kit/contract';
import { brokerUrl, until } from '@fissile/kit/testing';
import { BrokerEventBus } from '../broker-event-bus.js';
import { LocalEventBus } from '../local-event-bus.js';
import { HandledOffsets } from './handled-offsets.js';
import { kafkaBroker } from './kafka-broker.js';

const url = brokerUrl('kafka');
const KEYS = Array.from({ length: 24 }, (_, index) => `key-${index}`);

describe('What is handled of a partition', () => {
  it('is committed up to the first message that is not', () => {
    const offsets = new HandledOffsets();
    for (const offset of [3n, 4n, 5n]) offsets.begin(offset);
    offsets.handled(4n);
    assert.equal(offsets.toCommit, undefined);
    offsets.handled(3n);
    assert.equal(offsets.toCommit, 5n);
    offsets.committed(5n);
    assert.equal(offsets.toCommit, undefined);
    offsets.handled(5n);
    assert.equal(offsets.toCommit, 6n);
  });
});

/** The mock cluster rejects a member whose SyncGroup request arrives after the leader's, possibly more than once. */
const LONG_MS = 60_000;

describe('A consumer of Kafka', { skip: url === undefined }, () => {
  const buses: BrokerEventBus[] = [];

  afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.onModuleDestroy())));

  /**
   * A client that could not leave the mock's group in time keeps retrying, and would keep this process alive forever.
   */
  after(() => setTimeout(() => process.exit(), 10_000).unref());

  /** Opens a member of the group of alpha. */
  async function open(prefix: string, receive: (key: string) => Promise<void>): Promise<BrokerEventBus> {
    const broker = kafkaBroker({
      settings: { KAFKA_BROKERS: (url ?? '').split(',') },
      prefix,
      sessionMs: 4_000,
    });
    const bus = new BrokerEventBus(broker, new LocalEventBus());
    buses.push(bus);
    bus.subscribe({
      context: 'alpha',
      handledEventNames: () => ['tests.happened'],
      deliver: () => Promise.reject(new Error('not delivered in this test')),
      receive: (message) => receive((JSON.parse(message) as EventEnvelope).subject),
    });
    bus.onApplicationBootstrap();
    await until('it is connected', () => bus.isConnected, LONG_MS);
    return bus;
  }

  it('commits nothing of partitions that were taken from it, so that all of them comes again', async () => {
    const prefix = `k${randomBytes(5).toString('hex')}`;
    const begun: string[] = [];
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const loser = await open(prefix, (key) => {
      begun.push(key);
      return released;
    });
    try {
      for (const key of KEYS) await loser.publish(envelopeOf(key));
      await until('the first has begun all', () => begun.length === KEYS.length, LONG_MS);
      const taken = new Set<string>();
      const owner = await open(prefix, async (key) => {
        taken.add(key);
        throw ContextError.of('unavailable');
      });
      await until('the second got some of them', () => taken.size > 0, LONG_MS);
      // Now it handles a partition that it no longer owns; no other member has handled it.
      release();
      await owner.onModuleDestroy();
      const again = () => new Set(begun.slice(KEYS.length));
      await until('what the second did not handle comes again', () => taken.isSubsetOf(again()), LONG_MS);
    } finally {
      release();
    }
  });
});

function envelopeOf(subject: string): EventEnvelope {
  return {
    specversion: '1.0',
    id: uuidv7(),
    source: '/tests',
    type: 'tests.happened.v1',
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {},
  };
}
