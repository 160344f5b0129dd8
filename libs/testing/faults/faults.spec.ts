import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TOY_MAIN, ToyFolder } from '../toy/running-toy.js';
import { toy } from '../toy/index.js';
import { toyFaults } from '../toy/toy-faults.js';
import type { FaultKindName } from './fault-kinds.js';
import type { FaultScenario } from './fault-scenario.js';
import { describeOutcomes } from './fault-table.js';
import { type FaultOutcome, runFaults } from './run-faults.js';

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
    const tested = { product: toy, main: TOY_MAIN, cwd: folder.path };
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

  it('lose, double and block nothing in several processes', async () => {
    const kinds = ['kill', 'connections-cut'] as const;
    assertWell(await inflict('split', kinds), kinds);
  });

  it('lose, double and block nothing in one process, when its database is silent too', async () => {
    const kinds = ['restart', 'database-silent'] as const;
    assertWell(await inflict('monolith', kinds), kinds);
  });

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

  it('show sagas that do not end, steps that are done twice and dead letters, of any product', async () => {
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
