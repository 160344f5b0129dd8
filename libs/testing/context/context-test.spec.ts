import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ContextError } from '@fissile/kit/contract';
import { AlphaModule } from '../toy/alpha.module.js';
import { Alpha, Beta, NoteKind, RunEnded, type Slot, SlotsHeld, toy } from '../toy/index.js';
import { until } from '../until.js';
import { type ContextTest, createContextTest } from './context-test.js';
import { fake } from './fake.js';

describe('A test of one context, with the other faked by its contract', () => {
  const held: Slot[] = [];
  let alpha: ContextTest;

  before(async () => {
    const beta = fake(Beta, {
      async hold({ slots }) {
        if (slots.some(({ count }) => count > 10)) throw ContextError.of('slot_full');
        held.push(...slots);
        return {};
      },
      release: async () => ({}),
    });
    alpha = await createContextTest({ product: toy, module: AlphaModule, fakes: [beta] });
  });

  after(async () => {
    await alpha?.close();
  });

  const begin = async (count: number): Promise<string> => {
    const body = { slots: [{ slotId: 's', count }] };
    const { status, body: begun } = await alpha.request('POST', '/api/alpha/runs', { body });
    assert.equal(status, 202, JSON.stringify(begun));
    return begun.id;
  };
  const outcomesOf = async (runId: string): Promise<string[]> => {
    const events = await alpha.events(RunEnded);
    return events.filter(({ subject }) => subject === runId).map(({ data }) => data.outcome);
  };

  it('runs its saga against the fake, and publishes its events', async () => {
    const runId = await begin(2);
    await alpha.outboxDrained();
    assert.deepEqual(held, [{ slotId: 's', count: 2 }]);
    assert.deepEqual(await outcomesOf(runId), ['done']);
  });

  it('undoes its saga when the fake refuses', async () => {
    const runId = await begin(11);
    await alpha.outboxDrained();
    assert.deepEqual(await outcomesOf(runId), ['undone']);
  });

  it('handles an event that is delivered to it, once however often it comes', async () => {
    const [id, runId] = [randomUUID(), randomUUID()];
    const data = { runId, slots: [{ slotId: 's', count: 1 }] };
    await alpha.deliver(SlotsHeld, data, { id });
    await alpha.deliver(SlotsHeld, data, { id });
    const { body } = await alpha.request('GET', `/api/alpha/runs/${runId}/heard`);
    assert.deepEqual(body, { events: [data.slots] });
  });

  it('is called by its contract, and its arguments are checked as on the wire', async () => {
    const { note } = await alpha.call(Alpha).addNote({ text: 'a note', kind: NoteKind.URGENT });
    assert.equal(note?.text, 'a note');
    const unknown = 'loud' as NoteKind;
    await assert.rejects(
      alpha.call(Alpha).addNote({ text: 'a note', kind: unknown }),
      /Unrecognized enum value/,
    );
  });

  it('says which method of a contract was called without a fake, in the answer and at the end', async () => {
    const own = await createContextTest({ product: toy, module: AlphaModule });
    const line = 'alpha called Beta.getHeld, which has no fake: give fake(Beta, { getHeld: … })';
    const { status } = await own.request('GET', `/api/alpha/runs/${randomUUID()}/held`);
    assert.equal(status, 500);
    await assert.rejects(own.close(), { message: line });
  });

  it('says what is left when it is not drained', async () => {
    const own = await createContextTest({
      product: toy,
      module: AlphaModule,
      fakes: [
        fake(Beta, { hold: () => Promise.reject(ContextError.of('unavailable')), release: async () => ({}) }),
      ],
    });
    try {
      const body = { slots: [{ slotId: 's', count: 1 }] };
      const { body: begun } = await own.request('POST', '/api/alpha/runs', { body });
      await until('the saga is there', async () => (await own.query('SELECT 1 FROM sagas')).length > 0);
      await assert.rejects(own.outboxDrained({ withinMs: 1 }), {
        message: `not drained:\n  - alpha: saga run of ${begun.id} is running`,
      });
      await own.outboxDrained({ sagas: false });
    } finally {
      await own.close();
    }
  });

  it('refuses a fake of the context under test', async () => {
    const given = { product: toy, module: AlphaModule, fakes: [fake(Alpha, {})] };
    await assert.rejects(
      createContextTest(given),
      /Alpha cannot be faked in a test of alpha; expected one of Beta/,
    );
  });
});
