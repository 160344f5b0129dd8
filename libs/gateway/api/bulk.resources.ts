import { z } from 'zod';
import { inOrderOfTime } from '@fissile/kit/http';
import { BULK_AT_MOST } from '../bulk-actions.js';
import { MissingContexts } from './operations.resources.js';

/** The body of what is done to all that fit a filter. */
export function bulkBodyOf<Shape extends z.core.$ZodLooseShape>(filter: Shape) {
  return z
    .strictObject({
      filter: z
        .strictObject(filter)
        .refine(...inOrderOfTime)
        .meta({ description: 'Which ones, as the list takes it. Without a field, all of them' }),
      preview: z
        .boolean()
        .default(false)
        .meta({ description: 'true says how many there are, and does nothing' }),
    })
    .meta({ example: { filter: {}, preview: true } });
}

export const BulkResource = z
  .object({
    matching: z.int().meta({ description: 'How many fit the filter, of each context 5,000 at most' }),
    eligible: z.int().meta({ description: `How many of them it is for, ${BULK_AT_MOST} at most` }),
    more: z
      .boolean()
      .meta({ description: 'Whether there are more than those, or time was short: ask again' }),
    done: z.int().meta({ description: 'How many it was done to, in this request' }),
    failed: z.int().meta({ description: 'How many were tried and failed again' }),
    missing: MissingContexts,
  })
  .meta({ id: 'BulkResult' });

export type BulkResource = z.output<typeof BulkResource>;
