import { after, before, describe, it } from 'node:test';
import type { Shop } from '../harness/shop.js';
import { EVERYWHERE } from './fault.js';
import { assertWell, CHOICE, LANES } from './faults-of-ci.js';
import { startShop, tryOnShop } from './run-faults.js';

/** Faults that need nothing around the shop have one for all of them: to start a shop takes longer than most of them do. */
for (const topology of EVERYWHERE) {
  describe(`After one fault and the next nothing is lost, doubled or stuck, ${topology}`, () => {
    let shop: Shop;

    before(async () => {
      shop = await startShop(topology);
    });

    after(() => shop.close());

    for (const lane of LANES.filter((each) => each.topology === topology && !each.fault.prepare)) {
      it(lane.fault.name, async () => assertWell(await tryOnShop(shop, lane, CHOICE)));
    }
  });
}
