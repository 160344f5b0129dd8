import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allLanes, type Lane } from './lanes.js';
import { runFaults } from './run-faults.js';
import { listViolations } from './table.js';

/** A fixed seed, so that a failure is reproducible; `npm run test:faults` chooses another each time. */
const SEED = 1;

/** Each fault in one topology by turns, except the crashes: `npm run test:faults -- --short` tries all in both. */
const isInTurn = ({ fault: { name, topologies }, topology, index }: Lane): boolean =>
  name.includes('at a commit') || topology === topologies[index % topologies.length];

/** Lanes share nothing, and wait most of the time. */
const options = { concurrency: 2 };

describe('After a fault nothing is lost, doubled or stuck, and orders are placed again', options, () => {
  for (const lane of allLanes()
    .filter(({ fault }) => fault.heldBy === undefined)
    .filter(isInTurn)) {
    it(`${lane.fault.name}, ${lane.topology}`, async () => {
      const trials = await runFaults({ lanes: [lane], set: 'short', seed: SEED });
      assert.deepEqual(listViolations(trials), []);
      assert.ok(trials.length > 0 && trials.every(({ orders }) => orders > 0));
    });
  }
});
