import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { brokerUrl } from '../brokers.js';
import { ToyFolder } from '../toy/running-toy.js';
import { toy, TOY_MAIN } from '../toy/index.js';
import { toyFaults } from '../toy/toy-faults.js';
import type { FaultKindName } from './fault-kinds.js';
import type { FaultScenario } from './fault-scenario.js';
import { describeOutcomes } from './fault-table.js';
import { type FaultOutcome, runFaults } from './run-faults.js';

const hasNats = brokerUrl('nats') !== undefined;

describe('Faults while the sagas of a product run', () => {
  let folder: ToyFolder;

  before(() => {
    folder = new ToyFolder();
  });

  after(() => folder.remove());

  function inflict(
    topology: string,
    kinds: readonly FaultKindName[],
    scenario: FaultScenario<string> = toyFaults,
  ): Promise<FaultOutcome[]> {
    const tested = { product: toy, main: TOY_MAIN, cwd: folder.path, broker: 'nats' as const };
    return runFaults({
      ...tested,
      topologies: [topology],
      kinds,
      scenario: scenario,
      seed: 1,
    });
  }

  function assertWell(outcomes: readonly FaultOutcome[], kinds: readonly FaultKindName[]): void {
    assert.deepEqual(
      outcomes.map(({ fault }) => fault),
      kinds,
    );
    const problems = outcomes.flatMap(({ problems }) => problems);
    assert.deepEqual(problems, [], describeOutcomes(outcomes));
  }

  it('lose, double and block nothing when each of several processes is killed', async () => {
    assertWell(await inflict('split', ['kill']), ['kill']);
  });

  it('lose, double and block nothing in one process, when its database is silent too', async () => {
    const kinds = ['restart', 'connections-cut', 'database-silent'] as const;
    assertWell(await inflict('monolith', kinds), kinds);
  });

  it(
    'lose, double and block nothing when the broker of the events restarts',
    { skip: !hasNats },
    async () => {
      assertWell(await inflict('monolith', ['broker-restart']), ['broker-restart']);
    },
  );

  it('show what a product gets wrong: work that is lost, and events that are handled twice', async () => {
    const forgetful: FaultScenario<string> = {
      ...toyFaults,
      check: async (running, begun) => {
        // As if the inbox had been emptied, so that events that come again are handled again.
        const [id] = begun;
        await running.query('beta', 'INSERT INTO heard (run_id, outcome) VALUES ($1, $2)', [id, 'done']);
        await running.query('alpha', 'DELETE FROM runs WHERE id = $1', [begun[1]]);
        return toyFaults.check?.(running, begun) ?? [];
      },
    };
    const [outcome] = await inflict('monolith', ['events-again'], forgetful);
    const found = outcome?.problems.map((line) => line.replace(/[0-9a-f-]{36}/, '<id>'));
    assert.deepEqual(found, ['beta has heard of run <id> 2 times', 'run <id> is lost']);
  });

  it('show dead letters of any product', async () => {
    const stuck: FaultScenario<string> = {
      ...toyFaults,
      prepare: async (running) => {
        await toyFaults.prepare?.(running);
        await running.query(
          'beta',
          `INSERT INTO dead_letters (id, event_id, consumer, type, reason, envelope)
           VALUES (gen_random_uuid(), gen_random_uuid(), 'note-runs', 'alpha.run_ended.v1', 'planted', '{}')`,
        );
      },
    };
    const [outcome] = await inflict('monolith', ['connections-cut'], stuck);
    assert.ok(outcome?.problems.includes('beta: dead letter of note-runs of alpha.run_ended.v1: planted'));
  });
});
