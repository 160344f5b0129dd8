import { describe, it } from 'node:test';
import { assertWell, CHOICE, isCrash, LANES } from './faults-of-ci.js';
import { runFaults } from './run-faults.js';

describe('After kill -9 at a commit nothing is lost, doubled or stuck, and orders are placed again', () => {
  for (const lane of LANES.filter(isCrash)) {
    it(lane.topology, async () => assertWell(await runFaults({ ...CHOICE, lanes: [lane] })));
  }
});
