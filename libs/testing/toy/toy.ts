import { defineProduct, type ErrorCodeOf } from '@fissile/kit/contract';
import { fileURLToPath } from 'node:url';
import { alpha } from './alpha.context.js';
import { beta } from './beta.context.js';

/** A product of two contexts that call each other, as small as can be: what the kit is tested with. */
export const toy = defineProduct({
  name: 'Toy',
  description: 'Runs that hold slots for a while.',
  contexts: [alpha, beta],
  // Seen from where this file is compiled to.
  protoFolder: fileURLToPath(new URL('../../../testing/toy/proto', import.meta.url)),
});

declare global {
  namespace Fissile {
    interface ErrorCodes extends Record<ErrorCodeOf<typeof toy>, true> {}
  }
}
