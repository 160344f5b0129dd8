import { z } from 'zod';
import { Id, madeQuery, pageQuery, sortQuery, textLine } from '@fissile/kit/http';

/** The query parameters of every list of operators. */
export const operatorQuery = {
  ...pageQuery,
  ...madeQuery,
  ...sortQuery,
};

/** The filter of an exact text, such as a name. */
export const ExactText = textLine(200);

/** Words that can be searched for. */
export const Words = textLine(200).refine((text) => /[\p{L}\p{N}]/u.test(text), 'expected a word');

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
