import { defineProduct, type ErrorCodeOf } from '@fissile/kit/contract';
import { fileURLToPath } from 'node:url';
import { alpha } from './alpha.context.js';
import { beta } from './beta.context.js';

/** A minimal product of two contexts that call each other, with which the kit is tested. */
export const toy = defineProduct({
  name: 'Toy',
  description: 'Runs that hold slots for a while.',
  contexts: [alpha, beta],
  // Relative to the compiled file.
  protoFolder: fileURLToPath(new URL('../../../testing/toy/proto', import.meta.url)),
});

declare global {
  namespace Fissile {
    interface ErrorCodes extends Record<ErrorCodeOf<typeof toy>, true> {}
  }
}
