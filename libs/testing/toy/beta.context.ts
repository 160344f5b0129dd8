import { contract, defineContext, refused } from '@fissile/kit/contract';
import { RunEnded } from './alpha.events.js';
import { SlotsHeld } from './beta.events.js';
import { BetaDefinition } from './generated/beta/beta.js';

/** See beta.proto. */
export abstract class Beta extends contract(BetaDefinition) {}

export const beta = defineContext({
  name: 'beta',
  contract: Beta,
  publishes: [SlotsHeld],
  subscribes: [RunEnded],
  errors: {
    slot_full: refused(409, 'The slot is full'),
    run_released: refused(409, 'The run was released before'),
  },
});
