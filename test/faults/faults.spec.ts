import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allFaults } from './all-faults.js';
import type { Fault, Topology } from './fault.js';
import { runFaults } from './run-faults.js';
import { listViolations } from './table.js';

/** A fixed seed, so that a failure is reproducible; `npm run test:faults` chooses another each time. */
const SEED = 1;

/** Each fault in one topology by turns, except the crashes: `npm run test:faults -- --short` tries all in both. */
const topologiesOf = ({ name, topologies }: Fault, index: number): readonly Topology[] =>
  name.includes('at a commit')
    ? topologies
    : topologies.filter((_, turn) => turn === index % topologies.length);

describe('After a fault nothing is lost, doubled or stuck', () => {
  for (const [index, fault] of allFaults().entries()) {
    for (const topology of topologiesOf(fault, index)) {
      it(`${fault.name}, ${topology}`, async () => {
        const outcomes = await runFaults({
          faults: [fault],
          topologies: [topology],
          set: 'short',
          seed: SEED,
        });
        assert.deepEqual(listViolations(outcomes), []);
        assert.ok(outcomes.every(({ tries, orders }) => tries > 0 && orders > 0));
      });
    }
  }
});
