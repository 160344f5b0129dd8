import { describe, it } from 'node:test';
import { assertWell, CHOICE, isCrash, LANES } from './faults-of-ci.js';
import { runFaults } from './run-faults.js';

/** Each has a shop of its own, shares nothing with the others, and waits most of the time. */
const options = { concurrency: 2 };

describe('After a fault nothing is lost, doubled or stuck, and orders are placed again', options, () => {
  for (const lane of LANES.filter((each) => each.fault.prepare && !isCrash(each))) {
    it(`${lane.fault.name}, ${lane.topology}`, async () =>
      assertWell(await runFaults({ ...CHOICE, lanes: [lane] })));
  }
});
