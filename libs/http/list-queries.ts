import { z } from 'zod';
import { pageQuery } from './pagination.js';
import { textLine } from './text.js';

const Moment = z.iso
  .datetime({ offset: true, error: 'expected a time such as 2026-03-01T12:00:00Z' })
  .transform((text) => new Date(text));

/** Query parameters of a list: when what is listed was made. */
export const madeQuery = {
  from: Moment.optional().meta({ description: 'At or after this time', example: '2026-03-01T12:00:00Z' }),
  to: Moment.optional().meta({ description: 'Before this time', example: '2026-03-02T12:00:00Z' }),
};

/** The query parameter of a list that can be read from either end. */
export const sortQuery = {
  sort: z
    .enum(['newest', 'oldest'], 'expected newest or oldest')
    .default('newest')
    .meta({ description: 'What comes first' }),
};

/** The query parameters of every list for operators. */
export const operatorQuery = {
  ...pageQuery,
  ...madeQuery,
  ...sortQuery,
};

/** Words that can be searched for. */
export const Words = textLine(200).refine((text) => /[\p{L}\p{N}]/u.test(text), 'expected a word');

interface Made {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Refuses a time range that has no time in it: what `refine` of the query takes. */
export const inOrderOfTime = [
  ({ from, to }: Made): boolean => from === undefined || to === undefined || from < to,
  { path: ['to'], message: 'expected a time after from' },
] satisfies [unknown, unknown];
