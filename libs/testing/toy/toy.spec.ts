import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type BrokerName, brokerSettings, brokerUrl } from '../brokers.js';
import { clearBroker } from '../clear-broker.js';
import { until } from '../until.js';
import { NoteKind } from './generated/alpha/alpha.js';
import { RunningToy } from './running-toy.js';

interface Variant {
  readonly name: string;
  readonly env: { readonly TOPOLOGY: string; readonly TRANSPORT?: string; readonly EVENT_BUS?: string };
  readonly broker?: BrokerName;
  /** The topologies that are applied one after the other, before anything is asked of it. */
  readonly changes?: readonly string[];
}

/** In one process, on a bus that reaches others too once there are any. */
const ALONE = { TOPOLOGY: 'monolith', EVENT_BUS: 'direct' };

/** Over NATS and RabbitMQ, events use the broker too. */
const VARIANTS: readonly Variant[] = [
  { name: 'in one process', env: { TOPOLOGY: 'monolith' } },
  ...['grpc', 'tcp'].map((TRANSPORT) => ({
    name: `in several processes over ${TRANSPORT}`,
    env: { TOPOLOGY: 'split', TRANSPORT },
  })),
  { name: 'in several processes, split while it ran', env: ALONE, changes: ['split'] },
  {
    name: 'in one process, split while it ran and put together again',
    env: ALONE,
    changes: ['split', 'monolith'],
  },
  {
    name: 'in several processes over nats',
    env: { TOPOLOGY: 'split', TRANSPORT: 'nats', EVENT_BUS: 'nats' },
    broker: 'nats',
  },
  {
    name: 'in several processes over rmq',
    env: { TOPOLOGY: 'split', TRANSPORT: 'rmq', EVENT_BUS: 'rabbitmq' },
    broker: 'rabbitmq',
  },
  {
    name: 'in several processes over redis',
    env: { TOPOLOGY: 'split', TRANSPORT: 'redis' },
    broker: 'redis',
  },
];

const WAIT_MS = 60_000;

for (const variant of VARIANTS) checkToy(variant);

function checkToy({ name, env, broker, changes = [] }: Variant): void {
  const url = broker && brokerUrl(broker);

  describe(`A product of two contexts ${name}`, { skip: broker !== undefined && url === undefined }, () => {
    let toy: RunningToy;

    before(async () => {
      toy = await RunningToy.start({ ...brokerSettings(), ...env });
      for (const topology of changes) {
        const processes = await toy.applyTopology(topology);
        const expected = topology === 'split' ? ['alpha', 'beta', 'monolith'] : ['monolith'];
        assert.deepEqual([...processes.keys()].sort(), expected);
      }
    });

    after(async () => {
      await toy.close();
      if (broker && url !== undefined) await clearBroker(broker, url, toy.prefix, ['alpha', 'beta']);
    });

    const get = async (path: string) => (await toy.call('GET', path)).body;
    const openSlot = async (capacity: number) => {
      const id = `slot-${randomUUID()}`;
      const opened = await toy.call('PUT', `/api/beta/slots/${id}`, { capacity });
      assert.deepEqual(opened, { status: 200, body: { id, capacity, taken: 0 } });
      return id;
    };
    const begin = async (slots: object[], refused = false) => {
      const { status, body } = await toy.call('POST', '/api/alpha/runs', { slots, refused });
      assert.equal(status, 202);
      return (body as { id: string }).id;
    };
    const ended = (runId: string) =>
      until(
        'the run has ended',
        async () => {
          const { status, body } = await toy.call('GET', `/api/alpha/runs/${runId}`);
          return status === 200 && (body as { state: string }).state !== 'running' && body;
        },
        WAIT_MS,
      );
    /** Waits until an event has arrived, and returns all that arrived. */
    const heard = (path: string, field: string) =>
      until(
        `an event is heard at ${path}`,
        async () => {
          const found = ((await get(path)) as Record<string, unknown[]>)[field];
          return found !== undefined && found.length > 0 && found;
        },
        WAIT_MS,
      );
    const eventsOf = async (runId: string) => ({
      atAlpha: await heard(`/api/alpha/runs/${runId}/heard`, 'events'),
      atBeta: await heard(`/api/beta/runs/${runId}/heard`, 'outcomes'),
    });
    const problemOf = ({ status, body }: { status: number; body: unknown }) => ({
      status,
      code: (body as { code: string }).code,
    });

    it('runs as the processes of its topology, which call each other over its transport', () => {
      const { TOPOLOGY, TRANSPORT } = env;
      const isSplit = TOPOLOGY === 'split';
      assert.deepEqual(toy.processNames, isSplit ? ['gateway', 'alpha', 'beta'] : []);
      assert.equal(toy.output.includes(`topology   split, calls over ${TRANSPORT}`), isSplit);
    });

    it('has the pages of the kit: the API documentation and the console', async () => {
      assert.equal((await toy.call('GET', '/docs-json')).status, 200);
      const page = await fetch(`${toy.url}/console`);
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
      // Built with the package, not with the sources: see packages/console.
      assert.match(await page.text(), /<title>(Not built|.*[Cc]onsole.*)<\/title>/);
      for (const name of ['docs', 'console'])
        assert.match(toy.output, new RegExp(`^ +${name} +http:.*/${name}$`, 'm'));
    });

    it('completes a run by a call, and each context handles the events of the other once', async () => {
      const slots = [
        { slotId: await openSlot(3), count: 2 },
        { slotId: await openSlot(1), count: 1 },
      ];
      const id = await begin(slots);
      assert.deepEqual(await ended(id), { id, slots, state: 'done', reason: null });
      assert.deepEqual(await get(`/api/alpha/runs/${id}/held`), { slots });
      assert.deepEqual(await get(`/api/beta/slots/${slots[0]?.slotId}`), {
        id: slots[0]?.slotId,
        capacity: 3,
        taken: 2,
      });
      assert.deepEqual(await eventsOf(id), { atAlpha: [slots], atBeta: ['done'] });
    });

    it('lets beta call alpha, with nested fields, large numbers and times', async () => {
      const begun = Date.now();
      const { status, body } = await toy.call('POST', '/api/beta/notes', { text: 'grüß' });
      assert.equal(status, 201);
      const { id, writtenAt, ...note } = body as { id: string; writtenAt: string };
      assert.deepEqual(note, {
        text: 'grüß',
        kind: NoteKind.URGENT,
        size: { amount: 2 ** 40 + 4, unit: 'character' },
      });
      assert.ok(Math.abs(Date.parse(writtenAt) - begun) < WAIT_MS, writtenAt);
      assert.deepEqual(await get(`/api/beta/notes/${id}`), body);
    });

    it('answers an invalid request with the error code of the context', async () => {
      const unknown = await toy.call('GET', `/api/alpha/runs/${randomUUID()}`);
      assert.deepEqual(problemOf(unknown), { status: 404, code: 'run_not_found' });
      const invalid = await toy.call('POST', '/api/alpha/runs', { slots: [] });
      assert.deepEqual(problemOf(invalid), { status: 400, code: 'validation_failed' });
      const missing = await toy.call('GET', '/api/gamma');
      assert.deepEqual(problemOf(missing), { status: 404, code: 'not_found' });
      const closed = await toy.call('GET', '/api/admin/sagas');
      assert.deepEqual(problemOf(closed), { status: 401, code: 'unauthenticated' });
    });

    it('compensates a run that beta rejects, completely', async () => {
      const [open, full] = [await openSlot(5), await openSlot(1)];
      const slots = [
        { slotId: open, count: 1 },
        { slotId: full, count: 2 },
      ];
      const id = await begin(slots);
      assert.deepEqual(await ended(id), { id, slots, state: 'undone', reason: 'slot_full' });
      assert.deepEqual(await get(`/api/beta/slots/${open}`), { id: open, capacity: 5, taken: 0 });
      assert.deepEqual(await heard(`/api/beta/runs/${id}/heard`, 'outcomes'), ['undone']);
      assert.deepEqual(await get(`/api/alpha/runs/${id}/heard`), { events: [] });
    });

    it('releases what a run held that is rejected at its end', async () => {
      const slotId = await openSlot(5);
      const slots = [{ slotId, count: 4 }];
      const id = await begin(slots, true);
      assert.deepEqual(await ended(id), { id, slots, state: 'undone', reason: 'run_refused' });
      assert.deepEqual(await get(`/api/alpha/runs/${id}/held`), { slots: [] });
      assert.deepEqual(await get(`/api/beta/slots/${slotId}`), { id: slotId, capacity: 5, taken: 0 });
      assert.deepEqual(await eventsOf(id), { atAlpha: [slots], atBeta: ['undone'] });
    });

    it('loses nothing when the process of beta is killed during a run', async () => {
      const slotId = await openSlot(3);
      const slots = [{ slotId, count: 3 }];
      const letGo = await toy.lock('beta', 'SELECT 1 FROM slots WHERE id = $1', [slotId]);
      const id = await begin(slots);
      await until('beta is about to hold the slot', async () => {
        const waiting = `
          SELECT 1 FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%UPDATE slots%'`;
        return (await toy.query('beta', waiting)).length > 0;
      });
      assert.equal(((await get(`/api/alpha/runs/${id}`)) as { state: string }).state, 'running');
      await toy.crash('beta', letGo);
      assert.deepEqual(await ended(id), { id, slots, state: 'done', reason: null });
      assert.deepEqual(await eventsOf(id), { atAlpha: [slots], atBeta: ['done'] });
      assert.deepEqual(await get(`/api/beta/slots/${slotId}`), { id: slotId, capacity: 3, taken: 3 });
    });

    it('has handled no event twice after a graceful stop', async () => {
      assert.equal(await toy.stop(), 0);
      for (const context of ['alpha', 'beta']) {
        const twice = 'SELECT run_id FROM heard GROUP BY run_id HAVING count(*) > 1';
        assert.deepEqual(await toy.query(context, twice), [], context);
        const unpublished = 'SELECT type FROM outbox WHERE published_at IS NULL';
        assert.deepEqual(await toy.query(context, unpublished), [], context);
      }
    });
  });
}
