import { contract, defineContext, refused } from '@fissile/kit/contract';
import { RunEnded } from './alpha.events.js';
import { SlotsHeld } from './beta.events.js';
import { AlphaDefinition } from './generated/alpha/alpha.js';

/** See alpha.proto. */
export abstract class Alpha extends contract(AlphaDefinition) {}

export const alpha = defineContext({
  name: 'alpha',
  contract: Alpha,
  publishes: [RunEnded],
  subscribes: [SlotsHeld],
  errors: {
    run_not_found: refused(404, 'There is no such run'),
    run_refused: refused(409, 'The run was refused'),
  },
});
