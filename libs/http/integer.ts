import { z } from 'zod';

/** A whole number of a body between two bounds, which the answer names, however far off what was sent is. */
export const integer = (min: number, max: number) =>
  z
    .number(`expected a whole number from ${min} to ${max}`)
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
      error: `expected a whole number from ${min} to ${max}`,
    })
    .meta({ type: 'integer', minimum: min, maximum: max });
