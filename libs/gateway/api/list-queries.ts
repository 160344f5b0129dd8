import { z } from 'zod';
import { Id, pageQuery, textLine } from '@fissile/kit/http';

const Moment = z.iso
  .datetime({ offset: true, error: 'expected a time such as 2026-03-01T12:00:00Z' })
  .transform((text) => new Date(text));

/** When what is listed was made. */
export const madeQuery = {
  from: Moment.optional().meta({ description: 'At or after this time', example: '2026-03-01T12:00:00Z' }),
  to: Moment.optional().meta({ description: 'Before this time', example: '2026-03-02T12:00:00Z' }),
};

/** The query parameters of every list of operators. */
export const operatorQuery = {
  ...pageQuery,
  ...madeQuery,
  sort: z
    .enum(['newest', 'oldest'], 'expected newest or oldest')
    .default('newest')
    .meta({ description: 'What comes first' }),
};

/** The filter of an exact text, such as a name. */
export const ExactText = textLine(200);

/** Words that can be searched for. */
export const Words = textLine(200).refine((text) => /[\p{L}\p{N}]/u.test(text), 'expected a word');

interface Made {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Refuses a time range that has no time in it. */
export const inOrderOfTime = [
  ({ from, to }: Made): boolean => from === undefined || to === undefined || from < to,
  { path: ['to'], message: 'expected a time after from' },
] satisfies [unknown, unknown];

/** Which sagas, but for their context, which the product names. */
export const sagaFilter = {
  status: z.enum(['running', 'compensating', 'completed', 'compensated']).optional(),
  name: ExactText.optional().meta({ description: 'The name of the saga', example: 'place-visit' }),
  id: ExactText.optional().meta({ description: 'The id of the saga, or of what it is about' }),
  ...madeQuery,
};

/** Which dead letters, but for their context. */
export const deadLetterFilter = {
  type: ExactText.optional().meta({ description: 'The type of the event' }),
  id: Id.optional().meta({ description: 'The id of the dead letter, or of the event' }),
  text: Words.optional().meta({ description: 'Words of the reason, each from its beginning on' }),
  ...madeQuery,
};
